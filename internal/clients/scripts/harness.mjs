// What the scripts of all clients share. A script reads the server to try from its input and prints a line of JSON a check.
import { strict as assert } from "node:assert";
import { readFileSync, writeSync } from "node:fs";

const input = JSON.parse(readFileSync(0, "utf8"));
const { patience } = input; // milliseconds for a check, so that a server that never answers fails by name

export const { target, counter } = input;

console.log = console.error; // ethers logs, and the output is for reports

// check ends the script where a check has no end: what it left running would disturb those after it.
export async function check(name, run) {
  const late = setTimeout(() => {
    report({ name, ok: false, detail: `no end after ${patience} ms` });
    process.exit(1);
  }, patience);
  try {
    await run();
    report({ name, ok: true, detail: "" });
  } catch (e) {
    report({ name, ok: false, detail: String(e?.stack ?? e) });
  } finally {
    clearTimeout(late);
  }
}

const report = (line) => writeSync(1, JSON.stringify(line) + "\n");

// rejection is what a promise fails with. That it doesn't fail is a failure.
export async function rejection(promise) {
  let value;
  try {
    value = await promise;
  } catch (e) {
    return e;
  }
  assert.fail(`expected an error, got ${value}`);
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// until asks again until the answer is true.
export async function until(ask) {
  while (!(await ask())) await sleep(2);
}

export { assert };
