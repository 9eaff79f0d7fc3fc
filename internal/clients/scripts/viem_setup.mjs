// The viem clients and the contract that its scripts use.
import { createPublicClient, createWalletClient, defineChain, http } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";

import { assert, counter, target } from "./harness.mjs";

export const chain = defineChain({
  id: target.chainID,
  name: "target",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  rpcUrls: { default: { http: [target.http] } },
});
export const account = privateKeyToAccount(`0x${target.key}`);
export const setting = { chain, transport: http(target.http), pollingInterval: 5, cacheTime: 0 };
export const reader = createPublicClient(setting);
export const wallet = createWalletClient({ ...setting, account });
export const stranger = () => privateKeyToAccount(generatePrivateKey());
export const settled = async (hash) => reader.waitForTransactionReceipt({ hash: await hash });

// The contract has an address once it was deployed.
export const contract = { abi: counter.abi };
export const number = () => reader.readContract({ ...contract, functionName: "number" });
export const set = (number) => settled(wallet.writeContract({ ...contract, functionName: "set", args: [number] }));

export async function deploy() {
  const receipt = await settled(wallet.deployContract({ abi: counter.abi, bytecode: counter.creation, args: [7n] }));
  assert.equal(receipt.status, "success");
  contract.address = receipt.contractAddress;
  return receipt;
}
