import {
  BaseError,
  ContractFunctionRevertedError,
  InsufficientFundsError,
  NonceTooLowError,
  TransactionNotFoundError,
  createPublicClient,
  createWalletClient,
  decodeFunctionResult,
  encodeFunctionData,
  getContractAddress,
  http,
  keccak256,
  nonceManager,
  numberToHex,
  parseEther,
  parseGwei,
  zeroHash,
} from "viem";
import { privateKeyToAccount } from "viem/accounts";

import { assert, check, counter, rejection, target, until } from "./harness.mjs";
import { account, contract, deploy, number, reader, set, setting, settled, stranger, wallet } from "./viem_setup.mjs";

const reverted = (e) => e.walk((cause) => cause instanceof ContractFunctionRevertedError);

await check("connect", async () => {
  assert.equal(await reader.getChainId(), target.chainID);
  assert.match(await reader.request({ method: "web3_clientVersion" }), /\S/);
  assert.equal(await reader.request({ method: "net_version" }), String(target.chainID));
});

await check("read a block by tag, number and hash", async () => {
  const number = await reader.getBlockNumber();
  const block = await reader.getBlock({ blockNumber: number, includeTransactions: true });
  assert.equal(block.number, number);
  assert.equal((await reader.getBlock({ blockHash: block.hash })).stateRoot, block.stateRoot);
  assert.ok((await reader.getBlock({ blockTag: "latest" })).number >= number);
  assert.equal(await reader.getBlockTransactionCount({ blockHash: block.hash }), block.transactions.length);
  for (const blockTag of ["earliest", "pending", "safe", "finalized"]) {
    assert.ok((await reader.getBlock({ blockTag })).timestamp >= 0n, blockTag);
  }
});

await check("read a balance and a nonce", async () => {
  const blockNumber = await reader.getBlockNumber();
  assert.ok((await reader.getBalance({ ...account, blockNumber })) >= parseEther("10"));
  assert.equal(await reader.getBalance({ ...stranger() }), 0n);
  const latest = await reader.getTransactionCount({ ...account, blockTag: "latest" });
  assert.equal(await reader.getTransactionCount({ ...account, blockTag: "pending" }), latest);
});

await check("read the fees", async () => {
  const fees = await reader.estimateFeesPerGas();
  assert.ok(fees.maxFeePerGas > 0n && fees.maxFeePerGas >= fees.maxPriorityFeePerGas);
  assert.ok((await reader.getGasPrice()) > 0n);
  assert.ok((await reader.estimateMaxPriorityFeePerGas()) >= 0n);
  const history = await reader.getFeeHistory({ blockCount: 1, rewardPercentiles: [25, 75] });
  assert.equal(history.baseFeePerGas.length, 2);
  assert.equal(history.gasUsedRatio.length, 1);
});

await check("send ether with EIP-1559 fees", async () => {
  const to = stranger().address;
  const { baseFeePerGas } = await reader.getBlock();
  const fees = { maxFeePerGas: baseFeePerGas * 3n + parseGwei("1"), maxPriorityFeePerGas: parseGwei("1") };
  const receipt = await settled(wallet.sendTransaction({ to, value: 1n, ...fees }));
  const tx = await reader.getTransaction({ hash: receipt.transactionHash });
  const block = await reader.getBlock({ blockHash: receipt.blockHash });
  assert.equal(receipt.status, "success");
  assert.equal(receipt.gasUsed, 21_000n);
  assert.equal(receipt.effectiveGasPrice, block.baseFeePerGas + fees.maxPriorityFeePerGas);
  assert.deepEqual([tx.type, tx.maxFeePerGas, tx.maxPriorityFeePerGas], ["eip1559", fees.maxFeePerGas, fees.maxPriorityFeePerGas]);
  assert.equal(tx.blockNumber, receipt.blockNumber);
  assert.ok(block.transactions.includes(tx.hash));
  assert.equal(await reader.getBalance({ address: to }), 1n);
});

await check("send a legacy transaction", async () => {
  const receipt = await settled(wallet.sendTransaction({ to: stranger().address, value: 1n, type: "legacy" }));
  assert.deepEqual([receipt.status, receipt.type], ["success", "legacy"]);
});

await check("send what was signed before", async () => {
  const request = await wallet.prepareTransactionRequest({ to: stranger().address, value: 2n });
  const serializedTransaction = await wallet.signTransaction(request);
  const hash = await reader.sendRawTransaction({ serializedTransaction });
  assert.equal(hash, keccak256(serializedTransaction));
  assert.equal((await settled(hash)).status, "success");
});

await check("deploy a contract", async () => {
  const nonce = await reader.getTransactionCount({ ...account });
  const receipt = await deploy();
  assert.equal(receipt.contractAddress, getContractAddress({ from: account.address, nonce: BigInt(nonce) }).toLowerCase());
});

await check("read code and storage", async () => {
  const code = await reader.getCode(contract);
  assert.ok(code.length > 2 && counter.creation.endsWith(code.slice(2)));
  assert.equal(await reader.getStorageAt({ ...contract, slot: "0x0" }), numberToHex(7, { size: 32 }));
  assert.equal(await reader.getCode({ address: stranger().address }), undefined);
});

await check("call a contract", async () => {
  assert.equal(await number(), 7n);
});

await check("write to a contract and find its log", async () => {
  const receipt = await set(8n);
  const found = await reader.getContractEvents({ ...contract, eventName: "Changed", args: { by: account.address }, blockHash: receipt.blockHash });
  assert.equal(found.length, 1);
  assert.deepEqual([found[0].args.number, found[0].transactionHash], [8n, receipt.transactionHash]);
  assert.equal(receipt.logs[0].topics[0], found[0].topics[0]);
  const { blockNumber } = receipt;
  assert.equal((await reader.getContractEvents({ ...contract, fromBlock: blockNumber, toBlock: blockNumber })).length, 1);
  assert.equal(await reader.readContract({ ...contract, functionName: "number", blockNumber }), 8n);
  assert.equal(await reader.readContract({ ...contract, functionName: "number", blockNumber: blockNumber - 1n }), 7n);
});

await check("estimate the gas of a call", async () => {
  const request = { ...contract, account, functionName: "set", args: [9n] };
  const estimate = await reader.estimateContractGas(request);
  const { gasUsed } = await set(9n);
  assert.ok(estimate >= gasUsed && estimate <= (gasUsed * 12n) / 10n, `${estimate} estimated, ${gasUsed} used`);
});

await check("make an access list and send it", async () => {
  const data = encodeFunctionData({ abi: counter.abi, functionName: "set", args: [10n] });
  const { accessList } = await reader.createAccessList({ account, to: contract.address, data });
  assert.deepEqual(accessList, [{ address: contract.address.toLowerCase(), storageKeys: [numberToHex(0, { size: 32 })] }]);
  const receipt = await settled(wallet.sendTransaction({ to: contract.address, data, accessList }));
  const tx = await reader.getTransaction({ hash: receipt.transactionHash });
  assert.equal(receipt.status, "success");
  assert.deepEqual(tx.accessList, accessList);
});

await check("batch requests", async () => {
  let trips = 0;
  const transport = http(target.http, { batch: true, onFetchRequest: () => void trips++ });
  const batching = createPublicClient({ ...setting, transport });
  const [id, number, balance, none] = await Promise.all([
    batching.getChainId(),
    batching.getBlockNumber(),
    batching.getBalance({ ...account }),
    rejection(batching.getTransaction({ hash: zeroHash })),
  ]);
  assert.equal(trips, 1);
  assert.equal(id, target.chainID);
  assert.ok(number > 0n && balance > 0n);
  assert.ok(none instanceof TransactionNotFoundError);
});

await check("read many values in one call without a contract for it", async () => {
  const read = (functionName) => ({ ...contract, functionName });
  const values = await reader.multicall({ contracts: [read("number"), read("LIMIT")], deployless: true, allowFailure: false });
  assert.deepEqual(values, [10n, 1000n]);
});

await check("number quick transactions", async () => {
  const quick = createWalletClient({ ...setting, account: privateKeyToAccount(`0x${target.key}`, { nonceManager }) });
  const to = stranger().address;
  const hashes = await Promise.all(Array.from({ length: 6 }, () => quick.sendTransaction({ to, value: 1n, gas: 21_000n })));
  const receipts = await Promise.all(hashes.map(settled));
  assert.deepEqual(receipts.map((r) => r.status), Array(6).fill("success"));
  assert.equal(await reader.getBalance({ address: to }), 6n);
});

await check("watch events by polling", async () => {
  const seen = [];
  let fault;
  const onLogs = (logs) => seen.push(...logs.map((log) => log.args.number));
  const stop = reader.watchContractEvent({ ...contract, eventName: "Changed", poll: true, onLogs, onError: (e) => (fault = e) });
  try {
    await until(async () => (await set(20n)) && (fault || seen.length > 0)); // the filter is made in the background
    seen.length = 0;
    await set(21n);
    await until(() => fault || seen.includes(21n));
  } finally {
    stop();
  }
  assert.equal(fault, undefined);
});

await check("watch blocks by polling", async () => {
  const seen = [];
  let fault;
  const onBlock = (block) => seen.push(block.number);
  const stop = reader.watchBlocks({ poll: true, emitMissed: true, onBlock, onError: (e) => (fault = e) });
  try {
    await until(() => fault || seen.length > 0);
    const { blockNumber } = await set(22n);
    await until(() => fault || seen.includes(blockNumber));
  } finally {
    stop();
  }
  assert.equal(fault, undefined);
});

await check("filters by hand", async () => {
  const logs = await reader.createContractEventFilter({ ...contract, eventName: "Changed" });
  const blocks = await reader.createBlockFilter();
  const { blockHash, transactionHash } = await set(23n);
  assert.deepEqual((await reader.getFilterChanges({ filter: logs })).map((log) => log.transactionHash), [transactionHash]);
  assert.deepEqual(await reader.getFilterChanges({ filter: logs }), []);
  assert.ok((await reader.getFilterChanges({ filter: blocks })).includes(blockHash));
  assert.ok((await reader.getFilterLogs({ filter: logs })).some((log) => log.transactionHash === transactionHash));
  assert.equal(await reader.uninstallFilter({ filter: logs }), true);
  assert.equal(await reader.uninstallFilter({ filter: logs }), false);
});

await check("simulate a write", async () => {
  const { result, request } = await reader.simulateContract({ ...contract, account, functionName: "set", args: [30n] });
  assert.equal(result, 23n);
  assert.equal((await settled(wallet.writeContract(request))).status, "success");
  assert.equal(await number(), 30n);
});

await check("a revert with a reason", async () => {
  const e = await rejection(reader.simulateContract({ ...contract, account, functionName: "set", args: [0n] }));
  assert.equal(reverted(e)?.reason, "zero counts nothing", e.message);
});

await check("a revert with a custom error", async () => {
  const cause = reverted(await rejection(reader.simulateContract({ ...contract, account, functionName: "set", args: [1001n] })));
  assert.deepEqual([cause?.data?.errorName, cause?.data?.args], ["TooLarge", [1001n, 1000n]]);
});

await check("a revert with a panic", async () => {
  const cause = reverted(await rejection(reader.simulateContract({ ...contract, account, functionName: "add", args: [2n ** 256n - 1n] })));
  assert.deepEqual([cause?.data?.errorName, cause?.data?.args], ["Panic", [17n]]);
});

await check("an estimate of a call that reverts", async () => {
  const e = await rejection(reader.estimateContractGas({ ...contract, account, functionName: "set", args: [0n] }));
  assert.ok(e instanceof BaseError && e.message.includes("zero counts nothing"), e.message);
  const custom = reverted(await rejection(wallet.writeContract({ ...contract, functionName: "set", args: [1001n] })));
  assert.equal(custom?.data?.errorName, "TooLarge");
});

await check("a transaction that reverts on chain", async () => {
  const receipt = await settled(wallet.writeContract({ ...contract, functionName: "set", args: [0n], gas: 100_000n }));
  assert.equal(receipt.status, "reverted");
  assert.deepEqual(receipt.logs, []);
});

await check("refusals that the client knows by name", async () => {
  const low = await rejection(wallet.sendTransaction({ to: account.address, nonce: 0, gas: 21_000n }));
  assert.ok(low.walk((cause) => cause instanceof NonceTooLowError), low.message);
  const poor = createWalletClient({ ...setting, account: stranger() });
  const broke = await rejection(poor.sendTransaction({ to: account.address, value: 1n, gas: 21_000n }));
  assert.ok(broke.walk((cause) => cause instanceof InsufficientFundsError), broke.message);
});

await check("a call with changed state", async () => {
  const data = encodeFunctionData({ abi: counter.abi, functionName: "number" });
  const stateDiff = [{ slot: numberToHex(0, { size: 32 }), value: numberToHex(77, { size: 32 }) }];
  const stateOverride = [{ ...contract, stateDiff }];
  assert.equal(await reader.readContract({ ...contract, functionName: "number", stateOverride }), 77n);
  const code = await reader.getCode(contract);
  const nowhere = stranger().address;
  const moved = await reader.call({ to: nowhere, data, stateOverride: [{ address: nowhere, code, stateDiff }] });
  assert.equal(decodeFunctionResult({ abi: counter.abi, functionName: "number", data: moved.data }), 77n);
});

await check("simulate calls", async () => {
  const call = (functionName, ...args) => ({ to: contract.address, abi: counter.abi, functionName, args });
  const { results } = await reader.simulateCalls({
    account,
    calls: [call("set", 41n), call("number"), call("set", 0n), call("set", 1001n), { to: stranger().address, value: 5n }],
  });
  assert.deepEqual(results.map((r) => r.status), ["success", "success", "failure", "failure", "success"]);
  assert.deepEqual([results[0].result, results[1].result], [30n, 41n]);
  assert.equal(results[0].logs.length, 1);
  assert.match(results[2].error.message, /zero counts nothing/);
  assert.match(results[3].error.message, /TooLarge/);
});

await check("simulate calls and what they move", async () => {
  const calls = [{ to: stranger().address, value: 5n }];
  const { assetChanges } = await reader.simulateCalls({ account, calls, traceAssetChanges: true });
  const ether = assetChanges.find((change) => change.token.symbol === "ETH");
  assert.equal(ether?.value.diff, -5n);
});

await check("find a transaction by its place", async () => {
  const { blockHash, blockNumber, transactionHash, transactionIndex: index } = await set(31n);
  assert.equal((await reader.getTransaction({ blockHash, index })).hash, transactionHash);
  assert.equal((await reader.getTransaction({ blockNumber, index })).hash, transactionHash);
  assert.equal(await reader.getTransactionConfirmations({ hash: transactionHash }), 1n);
});

await check("send and wait in one request", async () => {
  const receipt = await wallet.sendTransactionSync({ to: stranger().address, value: 1n });
  assert.equal(receipt.status, "success");
});

await check("simulate blocks", async () => {
  const rich = stranger().address;
  const to = stranger().address;
  const { timestamp } = await reader.getBlock();
  const call = (functionName, ...args) => ({ from: rich, to: contract.address, abi: counter.abi, functionName, args });
  const blocks = await reader.simulateBlocks({
    blocks: [
      {
        blockOverrides: { time: timestamp + 100n },
        stateOverrides: [{ address: rich, balance: parseEther("3") }],
        calls: [call("set", 50n), { from: rich, to, value: parseEther("2") }],
      },
      { blockOverrides: { time: timestamp + 200n }, calls: [call("number"), call("set", 0n)] },
    ],
    traceTransfers: true,
  });
  assert.deepEqual(blocks.map((b) => b.timestamp - timestamp), [100n, 200n]);
  assert.equal(blocks[1].parentHash, blocks[0].hash);
  assert.equal(blocks[1].calls[0].result, 50n);
  assert.deepEqual(blocks.map((b) => b.calls[1].status), ["success", "failure"]);
  assert.equal(blocks[0].calls[1].logs.length, 1); // the transfer of ether, as ERC-7528 writes it
  assert.equal(await reader.getBalance({ address: to }), 0n);
  const broke = await rejection(reader.simulateBlocks({ blocks: [{ calls: [{ from: rich, to, value: 1n }] }] }));
  assert.ok(broke instanceof InsufficientFundsError, broke.message);
});

await check("delegate an account with EIP-7702", async () => {
  const authorization = await wallet.signAuthorization({ contractAddress: contract.address, executor: "self" });
  const data = encodeFunctionData({ abi: counter.abi, functionName: "set", args: [60n] });
  const receipt = await settled(wallet.sendTransaction({ authorizationList: [authorization], to: account.address, data }));
  assert.deepEqual([receipt.status, receipt.type], ["success", "eip7702"]);
  const own = { abi: counter.abi, address: account.address };
  assert.equal(await reader.getCode(own), `0xef0100${contract.address.slice(2)}`);
  assert.equal(await reader.readContract({ ...own, functionName: "number" }), 60n);
  const tx = await reader.getTransaction({ hash: receipt.transactionHash });
  assert.equal(tx.authorizationList?.[0]?.address, contract.address.toLowerCase());
  const undo = await wallet.signAuthorization({ contractAddress: `0x${"0".repeat(40)}`, executor: "self" });
  await settled(wallet.sendTransaction({ authorizationList: [undo], to: account.address }));
  assert.equal(await reader.getCode(own), undefined);
});
