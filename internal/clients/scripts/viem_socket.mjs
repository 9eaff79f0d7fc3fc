import { ContractFunctionRevertedError, createPublicClient, createWalletClient, webSocket } from "viem";

import { assert, check, rejection, target, until } from "./harness.mjs";
import { account, chain, contract, deploy, number, set, settled } from "./viem_setup.mjs";

const transport = webSocket(target.ws, { reconnect: false });
const socket = createPublicClient({ chain, transport });
const wallet = createWalletClient({ chain, transport, account });

// heard runs act again and again until the subscription, which begins in the background, has told of it.
async function heard(subscribe, act, told) {
  let fault;
  const stop = subscribe((e) => (fault = e));
  try {
    await until(async () => (await act()) && (fault || told()));
  } finally {
    stop();
  }
  assert.equal(fault, undefined);
}

await check("connect", async () => {
  assert.equal(await socket.getChainId(), target.chainID);
});

await check("send and wait", async () => {
  await deploy();
  const hash = await wallet.writeContract({ ...contract, functionName: "set", args: [8n] });
  assert.equal((await socket.waitForTransactionReceipt({ hash })).status, "success");
  assert.equal(await number(), 8n);
});

await check("watch blocks by subscription", async () => {
  const seen = [];
  let sent;
  await heard(
    (onError) => socket.watchBlocks({ onBlock: (block) => seen.push(block.hash), onError }),
    async () => (sent = await set(20n)),
    () => seen.includes(sent.blockHash) || seen.length > 1,
  );
});

await check("watch events by subscription", async () => {
  const seen = [];
  await heard(
    (onError) => socket.watchContractEvent({ ...contract, eventName: "Changed", onLogs: (logs) => seen.push(...logs), onError }),
    () => set(21n),
    () => seen.length > 0,
  );
  assert.deepEqual([seen[0].args.number, seen[0].args.by, seen[0].removed], [21n, account.address, false]);
});

await check("watch what is pending by subscription", async () => {
  const seen = [];
  const sent = [];
  await heard(
    (onError) => socket.watchPendingTransactions({ onTransactions: (hashes) => seen.push(...hashes), onError }),
    async () => sent.push((await set(22n)).transactionHash),
    () => sent.some((hash) => seen.includes(hash)),
  );
});

await check("end a subscription", async () => {
  const heads = [];
  const logs = [];
  const subscribe = (params, onData) => socket.transport.subscribe({ params, onData, onError: assert.fail });
  const first = await subscribe(["newHeads"], ({ result }) => heads.push(result.hash));
  const second = await subscribe(["logs", { address: contract.address }], ({ result }) => logs.push(result.transactionHash));
  assert.notEqual(first.subscriptionId, second.subscriptionId);
  const before = await set(23n);
  await until(() => heads.includes(before.blockHash) && logs.includes(before.transactionHash));
  await first.unsubscribe();
  const after = await set(24n);
  await until(() => logs.includes(after.transactionHash));
  assert.ok(!heads.includes(after.blockHash));
  await second.unsubscribe();
});

await check("a revert with a custom error", async () => {
  const e = await rejection(socket.simulateContract({ ...contract, account, functionName: "set", args: [1001n] }));
  const cause = e.walk((found) => found instanceof ContractFunctionRevertedError);
  assert.deepEqual([cause?.data?.errorName, cause?.data?.args], ["TooLarge", [1001n, 1000n]]);
});

(await socket.transport.getRpcClient()).close();
