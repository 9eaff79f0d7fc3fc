import { JsonRpcProvider, Wallet, parseEther, toQuantity } from "ethers";

import { assert, check, rejection, target } from "./harness.mjs";

const provider = new JsonRpcProvider(target.http, undefined, { cacheTimeout: -1, pollingInterval: 5 });
const to = new Wallet(target.key).address;

await check("send as anybody", async () => {
  const { address } = Wallet.createRandom();
  await provider.send("hardhat_setBalance", [address, toQuantity(parseEther("1"))]);
  await provider.send("hardhat_impersonateAccount", [address]);
  const receipt = await (await (await provider.getSigner(address)).sendTransaction({ to, value: 1n })).wait();
  assert.deepEqual([receipt.status, receipt.from], [1, address]);
  await provider.send("hardhat_stopImpersonatingAccount", [address]);
  await rejection(provider.send("eth_sendTransaction", [{ from: address, to, value: "0x1" }]));
});

await check("go back to a snapshot", async () => {
  const id = await provider.send("evm_snapshot", []);
  const before = await provider.getBlock("latest");
  await provider.send("evm_increaseTime", [3600]);
  await provider.send("evm_mine", []);
  const after = await provider.getBlock("latest");
  assert.ok(after.number === before.number + 1 && after.timestamp >= before.timestamp + 3600);
  assert.equal(await provider.send("evm_revert", [id]), true);
  assert.equal((await provider.getBlock("latest")).hash, before.hash);
  assert.equal(await provider.send("evm_revert", [id]), false);
});

provider.destroy();
