import { createTestClient, createWalletClient, numberToHex, parseEther } from "viem";

import { assert, check, rejection, until } from "./harness.mjs";
import { account, contract, deploy, number, reader, set, setting, settled, stranger } from "./viem_setup.mjs";

const word = (number) => numberToHex(number, { size: 32 });
const latest = () => reader.getBlock();

// sends moves ether from an account without its key.
function sends(address) {
  const wallet = createWalletClient({ ...setting, account: address });
  return settled(wallet.sendTransaction({ to: account.address, value: 1n }));
}

for (const mode of ["anvil", "hardhat"]) {
  const dev = createTestClient({ ...setting, mode });
  const inMode = (name, run) => check(`${mode}: ${name}`, run);
  await deploy();

  await inMode("set a balance", async () => {
    const { address } = stranger();
    await dev.setBalance({ address, value: parseEther("3") });
    assert.equal(await reader.getBalance({ address }), parseEther("3"));
    await dev.setBalance({ address, value: 0n });
    assert.equal(await reader.getBalance({ address }), 0n);
  });

  await inMode("set code", async () => {
    const { address } = stranger();
    const bytecode = await reader.getCode(contract);
    await dev.setCode({ address, bytecode });
    assert.equal(await reader.getCode({ address }), bytecode);
    assert.equal(await reader.readContract({ ...contract, address, functionName: "LIMIT" }), 1000n);
  });

  await inMode("set storage", async () => {
    await dev.setStorageAt({ ...contract, index: 0, value: word(99) });
    assert.equal(await number(), 99n);
    await dev.setStorageAt({ ...contract, index: word(0), value: word(98) });
    assert.equal(await reader.getStorageAt({ ...contract, slot: "0x0" }), word(98));
  });

  await inMode("set a nonce", async () => {
    const { address } = stranger();
    await dev.setNonce({ address, nonce: 41 });
    assert.equal(await reader.getTransactionCount({ address }), 41);
  });

  await inMode("send as anybody", async () => {
    const { address } = stranger();
    await dev.setBalance({ address, value: parseEther("1") });
    await dev.impersonateAccount({ address });
    const receipt = await sends(address);
    assert.deepEqual([receipt.status, receipt.from], ["success", address.toLowerCase()]);
    await dev.stopImpersonatingAccount({ address });
    await rejection(sends(address));
  });

  await inMode("send as a contract", async () => {
    const { address } = contract;
    await dev.setBalance({ address, value: parseEther("1") });
    await dev.impersonateAccount({ address });
    assert.equal((await sends(address)).status, "success");
    await dev.stopImpersonatingAccount({ address });
  });

  await inMode("send as everybody", async () => {
    const { address } = stranger();
    await dev.setBalance({ address, value: parseEther("1") });
    await dev.request({ method: `${mode}_autoImpersonateAccount`, params: [true] });
    assert.equal((await sends(address)).status, "success");
    await dev.request({ method: `${mode}_autoImpersonateAccount`, params: [false] });
    await rejection(sends(address));
  });

  await inMode("mine", async () => {
    const before = await latest();
    await dev.mine({ blocks: 1 });
    assert.equal((await latest()).number, before.number + 1n);
    await dev.mine({ blocks: 3, interval: 10 });
    const after = await latest();
    assert.equal(after.number, before.number + 4n);
    assert.ok(after.timestamp >= before.timestamp + 20n, `${after.timestamp - before.timestamp} s later`);
  });

  await inMode("set the time forward", async () => {
    const before = await latest();
    await dev.increaseTime({ seconds: 3600 });
    await dev.mine({ blocks: 1 });
    const { timestamp } = await latest();
    assert.ok(timestamp >= before.timestamp + 3600n && timestamp < before.timestamp + 3700n, `${timestamp - before.timestamp} s later`);
  });

  await inMode("set the time of the next block", async () => {
    const { timestamp } = await latest();
    await dev.setNextBlockTimestamp({ timestamp: timestamp + 500n });
    await dev.mine({ blocks: 1 });
    assert.equal((await latest()).timestamp, timestamp + 500n);
    await dev.setNextBlockTimestamp({ timestamp: timestamp + 600n });
    const { blockHash } = await set(5n);
    assert.equal((await reader.getBlock({ blockHash })).timestamp, timestamp + 600n);
    await rejection(dev.setNextBlockTimestamp({ timestamp }));
  });

  await inMode("go back to a snapshot", async () => {
    const { address } = stranger();
    await set(5n);
    const before = await latest();
    const nonce = await reader.getTransactionCount(account);
    const id = await dev.snapshot();
    const { transactionHash, blockNumber } = await set(6n);
    await dev.setBalance({ address, value: 1n });
    await dev.revert({ id });
    assert.deepEqual([await number(), await reader.getBalance({ address })], [5n, 0n]);
    assert.deepEqual([(await latest()).hash, await reader.getTransactionCount(account)], [before.hash, nonce]);
    await rejection(reader.getTransactionReceipt({ hash: transactionHash }));
    assert.equal((await set(7n)).blockNumber, blockNumber);
  });

  await inMode("keep the state and load it", async () => {
    const { address } = stranger();
    await dev.setBalance({ address, value: 5n });
    await set(11n);
    const state = await dev.dumpState();
    assert.match(state, /^0x[0-9a-f]+$/);
    await dev.setBalance({ address, value: 6n });
    await set(12n);
    await dev.loadState({ state });
    assert.deepEqual([await reader.getBalance({ address }), await number()], [5n, 11n]);
  });

  await inMode("watch a block that was mined by hand", async () => {
    const seen = [];
    const stop = reader.watchBlockNumber({ poll: true, onBlockNumber: (n) => seen.push(n) });
    await until(() => seen.length > 0);
    await dev.mine({ blocks: 1 });
    const { number } = await latest();
    await until(() => seen.includes(number));
    stop();
  });

  // Last, as it takes the contract away.
  await inMode("reset", async () => {
    const { address } = stranger();
    await dev.setBalance({ address, value: 5n });
    const before = await reader.getBlockNumber();
    await dev.reset();
    assert.equal(await reader.getBalance({ address }), 0n);
    assert.equal(await reader.getCode(contract), undefined);
    assert.ok((await reader.getBlockNumber()) < before);
  });
}
