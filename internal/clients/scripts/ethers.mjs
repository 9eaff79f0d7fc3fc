import {
  AbiCoder,
  Contract,
  ContractFactory,
  FetchRequest,
  JsonRpcProvider,
  NonceManager,
  Wallet,
  ZeroHash,
  getCreateAddress,
  keccak256,
  parseEther,
  parseUnits,
} from "ethers";

import { assert, check, counter, rejection, target, until } from "./harness.mjs";

// Without cacheTimeout -1 the client would answer itself for a quarter of a second, from before the transaction.
const setting = { cacheTimeout: -1, pollingInterval: 5 };
const connect = () => new JsonRpcProvider(target.http, undefined, setting);
const provider = connect();
const wallet = new Wallet(target.key, provider);
const stranger = () => Wallet.createRandom().address;
const settled = async (sent) => (await sent).wait();
const word = (number) => AbiCoder.defaultAbiCoder().encode(["uint256"], [number]);
let contract;

await check("connect", async () => {
  assert.equal((await provider.getNetwork()).chainId, BigInt(target.chainID));
  assert.match(await provider.send("web3_clientVersion", []), /\S/);
});

await check("read a block by tag, number and hash", async () => {
  const number = await provider.getBlockNumber();
  const block = await provider.getBlock(number, true);
  assert.equal(block.number, number);
  assert.equal((await provider.getBlock(block.hash)).stateRoot, block.stateRoot);
  assert.equal(block.prefetchedTransactions.length, block.length);
  for (const tag of ["earliest", "latest", "pending", "safe", "finalized"]) {
    assert.ok((await provider.getBlock(tag)).timestamp >= 0, tag);
  }
});

await check("read a balance and a nonce", async () => {
  assert.ok((await provider.getBalance(wallet.address, await provider.getBlockNumber())) >= parseEther("10"));
  assert.equal(await provider.getBalance(stranger()), 0n);
  assert.equal(await wallet.getNonce("pending"), await wallet.getNonce("latest"));
});

await check("read the fees", async () => {
  const fees = await provider.getFeeData();
  assert.ok(fees.gasPrice > 0n && fees.maxFeePerGas > 0n && fees.maxPriorityFeePerGas >= 0n);
});

await check("send ether with EIP-1559 fees", async () => {
  const to = stranger();
  const { baseFeePerGas } = await provider.getBlock("latest");
  const maxPriorityFeePerGas = parseUnits("1", "gwei");
  const fees = { maxFeePerGas: baseFeePerGas * 3n + maxPriorityFeePerGas, maxPriorityFeePerGas };
  const receipt = await settled(wallet.sendTransaction({ to, value: 1n, ...fees }));
  const block = await receipt.getBlock();
  const tx = await receipt.getTransaction();
  assert.deepEqual([receipt.status, receipt.gasUsed, receipt.type], [1, 21_000n, 2]);
  assert.equal(receipt.gasPrice, block.baseFeePerGas + maxPriorityFeePerGas);
  assert.deepEqual([tx.maxFeePerGas, tx.maxPriorityFeePerGas, tx.from], [fees.maxFeePerGas, maxPriorityFeePerGas, wallet.address]);
  assert.equal(await provider.getBalance(to), 1n);
});

await check("send a legacy transaction", async () => {
  const receipt = await settled(wallet.sendTransaction({ to: stranger(), value: 1n, type: 0 }));
  assert.deepEqual([receipt.status, receipt.type], [1, 0]);
});

await check("send what was signed before", async () => {
  const signed = await wallet.signTransaction(await wallet.populateTransaction({ to: stranger(), value: 2n }));
  const sent = await provider.broadcastTransaction(signed);
  assert.equal(sent.hash, keccak256(signed));
  assert.equal((await provider.waitForTransaction(sent.hash, 1, 15_000)).status, 1);
});

await check("deploy a contract", async () => {
  const at = getCreateAddress({ from: wallet.address, nonce: await wallet.getNonce() });
  const deployed = await new ContractFactory(counter.abi, counter.creation, wallet).deploy(7n);
  contract = await deployed.waitForDeployment();
  assert.equal(await contract.getAddress(), at);
});

await check("read code and storage", async () => {
  const code = await contract.getDeployedCode();
  assert.ok(code.length > 2 && counter.creation.endsWith(code.slice(2)));
  assert.equal(await provider.getStorage(contract.target, 0), word(7n));
  assert.equal(await provider.getCode(stranger()), "0x");
});

await check("call a contract", async () => {
  assert.equal(await contract.number(), 7n);
});

await check("write to a contract and find its log", async () => {
  const receipt = await settled(contract.set(8n));
  const { blockNumber, blockHash } = receipt;
  assert.equal(receipt.logs[0].fragment.name, "Changed");
  const found = await contract.queryFilter(contract.filters.Changed(wallet.address), blockNumber, blockNumber);
  assert.deepEqual(found.map((log) => [log.args.number, log.transactionHash]), [[8n, receipt.hash]]);
  assert.equal((await provider.getLogs({ address: contract.target, blockHash })).length, 1);
  assert.deepEqual([await contract.number({ blockTag: blockNumber }), await contract.number({ blockTag: blockNumber - 1 })], [8n, 7n]);
});

await check("estimate the gas of a call", async () => {
  const estimate = await contract.set.estimateGas(9n);
  const { gasUsed } = await settled(contract.set(9n));
  assert.ok(estimate >= gasUsed && estimate <= (gasUsed * 12n) / 10n, `${estimate} estimated, ${gasUsed} used`);
});

await check("send an access list", async () => {
  const accessList = [{ address: contract.target, storageKeys: [ZeroHash] }];
  const receipt = await settled(contract.set(10n, { type: 1, accessList }));
  const tx = await receipt.getTransaction();
  assert.deepEqual([receipt.status, tx.type], [1, 1]);
  assert.deepEqual(tx.accessList, accessList);
});

await check("batch requests", async () => {
  let trips = 0;
  const request = new FetchRequest(target.http);
  request.preflightFunc = async (req) => (trips++, req);
  const batching = new JsonRpcProvider(request, target.chainID, { ...setting, staticNetwork: true });
  try {
    const [chainID, number, none] = await Promise.all([
      batching.send("eth_chainId", []),
      batching.send("eth_blockNumber", []),
      batching.send("eth_getTransactionByHash", [ZeroHash]),
    ]);
    assert.equal(trips, 1);
    assert.deepEqual([Number(chainID), Number(number) > 0, none], [target.chainID, true, null]);
  } finally {
    batching.destroy();
  }
});

await check("number quick transactions", async () => {
  const quick = new NonceManager(wallet);
  const to = stranger();
  const sent = await Promise.all(Array.from({ length: 6 }, () => quick.sendTransaction({ to, value: 1n, gasLimit: 21_000n })));
  const receipts = await Promise.all(sent.map((tx) => tx.wait()));
  assert.deepEqual(receipts.map((r) => r.status), Array(6).fill(1));
  assert.equal(await provider.getBalance(to), 6n);
});

await check("watch events by polling", async () => {
  const watching = connect();
  const seen = [];
  await contract.connect(watching).on("Changed", (_, number) => seen.push(number));
  await until(async () => (await settled(contract.set(20n))) && seen.length > 0); // polling begins in the background
  seen.length = 0;
  await settled(contract.set(21n));
  await until(() => seen.includes(21n));
  watching.destroy();
});

await check("watch blocks by polling", async () => {
  const watching = connect();
  const seen = [];
  await watching.on("block", (number) => seen.push(number));
  await until(async () => (await settled(contract.set(22n))) && seen.length > 0);
  const { blockNumber } = await settled(contract.set(22n));
  await until(() => seen.includes(blockNumber));
  watching.destroy();
});

await check("simulate a write", async () => {
  assert.equal(await contract.set.staticCall(30n), 22n);
  assert.equal(await contract.number(), 22n);
});

await check("a revert with a reason", async () => {
  const e = await rejection(contract.set.staticCall(0n));
  assert.deepEqual([e.code, e.reason], ["CALL_EXCEPTION", "zero counts nothing"]);
});

await check("a revert with a custom error", async () => {
  const e = await rejection(contract.set.staticCall(1001n));
  assert.deepEqual([e.code, e.revert?.name, Array.from(e.revert?.args ?? [])], ["CALL_EXCEPTION", "TooLarge", [1001n, 1000n]]);
});

await check("a revert with a panic", async () => {
  const e = await rejection(contract.add.staticCall(2n ** 256n - 1n));
  assert.deepEqual([e.code, e.revert?.name, Number(e.revert?.args[0])], ["CALL_EXCEPTION", "Panic", 17]);
});

await check("an estimate of a call that reverts", async () => {
  const e = await rejection(contract.set.estimateGas(0n));
  assert.deepEqual([e.code, e.action, e.reason], ["CALL_EXCEPTION", "estimateGas", "zero counts nothing"]);
  const custom = await rejection(contract.set(1001n));
  assert.equal(contract.interface.parseError(custom.data)?.name, "TooLarge");
});

await check("a transaction that reverts on chain", async () => {
  const e = await rejection(settled(contract.set(0n, { gasLimit: 100_000n })));
  assert.deepEqual([e.code, e.receipt?.status], ["CALL_EXCEPTION", 0]);
});

await check("refusals that the client knows by name", async () => {
  const low = await rejection(wallet.sendTransaction({ to: wallet.address, nonce: 0, gasLimit: 21_000n }));
  assert.equal(low.code, "NONCE_EXPIRED", low.message);
  const poor = Wallet.createRandom(provider);
  const broke = await rejection(poor.sendTransaction({ to: wallet.address, value: 1n, gasLimit: 21_000n }));
  assert.equal(broke.code, "INSUFFICIENT_FUNDS", broke.message);
});

await check("ask for what is not there", async () => {
  assert.equal(await provider.getTransaction(ZeroHash), null);
  assert.equal(await provider.getTransactionReceipt(ZeroHash), null);
  assert.equal(await provider.getBlock(ZeroHash), null);
});

await check("delegate an account with EIP-7702", async () => {
  const nonce = await wallet.getNonce();
  const authorization = await wallet.authorize({ address: contract.target, nonce: nonce + 1 });
  const data = contract.interface.encodeFunctionData("set", [60n]);
  const receipt = await settled(wallet.sendTransaction({ type: 4, to: wallet.address, data, authorizationList: [authorization] }));
  assert.deepEqual([receipt.status, receipt.type], [1, 4]);
  assert.equal(await provider.getCode(wallet.address), `0xef0100${contract.target.slice(2).toLowerCase()}`);
  const own = new Contract(wallet.address, counter.abi, provider);
  assert.equal(await own.number(), 60n);
  const undo = await wallet.authorize({ address: `0x${"0".repeat(40)}`, nonce: nonce + 3 });
  await settled(wallet.sendTransaction({ type: 4, to: wallet.address, authorizationList: [undo] }));
  assert.equal(await provider.getCode(wallet.address), "0x");
});

provider.destroy();
