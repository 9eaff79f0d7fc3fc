import { ContractFactory, Wallet, WebSocketProvider } from "ethers";

import { assert, check, counter, rejection, target, until } from "./harness.mjs";

// What ethers asks in the background has no promise to await: the end of a subscription when its last listener goes, or one more
// look at a receipt that has come. destroy rejects what is under way, so all that is asked is counted here.
let underway = 0;
let begun = 0; // subscriptions
let ended = 0;

class CountingProvider extends WebSocketProvider {
  async send(method, params) {
    underway++;
    if (method === "eth_subscribe") begun++;
    try {
      const answer = await super.send(method, params);
      if (method === "eth_unsubscribe" && answer === true) ended++;
      return answer;
    } finally {
      underway--;
    }
  }
}

const socket = new CountingProvider(target.ws, undefined, { cacheTimeout: -1, pollingInterval: 5 });
const wallet = new Wallet(target.key, socket);
let contract;
const set = async (number) => (await contract.set(number)).wait();

await check("connect", async () => {
  assert.equal((await socket.getNetwork()).chainId, BigInt(target.chainID));
});

await check("send and wait", async () => {
  contract = await new ContractFactory(counter.abi, counter.creation, wallet).deploy(7n);
  await contract.waitForDeployment();
  assert.equal((await set(8n)).status, 1);
  assert.equal(await contract.number(), 8n);
});

await check("watch blocks by subscription", async () => {
  const seen = [];
  await socket.on("block", (number) => seen.push(number));
  const { blockNumber } = await set(20n);
  await until(() => seen.includes(blockNumber));
  await socket.removeAllListeners("block");
});

await check("watch events by subscription", async () => {
  const seen = [];
  await contract.on("Changed", (by, number, event) => seen.push([by, number, event.log.transactionHash]));
  let sent;
  await until(async () => (sent = await set(21n)) && seen.length > 0);
  assert.deepEqual(seen[0].slice(0, 2), [wallet.address, 21n]);
  await until(() => seen.some(([, , hash]) => hash === sent.hash));
  await contract.removeAllListeners();
});

await check("watch what is pending by subscription", async () => {
  const seen = [];
  await socket.on("pending", (hash) => seen.push(hash));
  const sent = [];
  await until(async () => sent.push((await set(22n)).hash) && sent.some((hash) => seen.includes(hash)));
  await socket.removeAllListeners("pending");
});

await check("a revert with a custom error", async () => {
  const e = await rejection(contract.set.staticCall(1001n));
  assert.deepEqual([e.code, e.revert?.name, Array.from(e.revert?.args ?? [])], ["CALL_EXCEPTION", "TooLarge", [1001n, 1000n]]);
});

await check("end every subscription", async () => {
  await until(() => underway === 0 && ended === begun);
  assert.ok(begun >= 3, `${begun} subscriptions were begun`); // for blocks, for events and for what is pending
});

await socket.destroy();
