import { ContractFactory, Wallet, WebSocketProvider } from "ethers";

import { assert, check, counter, rejection, target, until } from "./harness.mjs";

const socket = new WebSocketProvider(target.ws, undefined, { cacheTimeout: -1, pollingInterval: 5 });
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

await socket.destroy();
