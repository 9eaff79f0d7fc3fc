// Reads claims as lines of JSON and prints each with its proof, in the order of the input, as the library makes it.
// The last line on stderr says the root and how long the library took, without reading and printing.
import { createInterface } from 'node:readline';
import { StandardMerkleTree } from '@openzeppelin/merkle-tree';

const claims = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { address, amount } = JSON.parse(line);
  claims.push([address, amount]);
}

const started = performance.now();
const tree = StandardMerkleTree.of(claims, ['address', 'uint256']);
const treeMillis = performance.now() - started;

let proofsMillis = 0;
for (let from = 0; from < claims.length; from += 1000) {
  const batch = claims.slice(from, from + 1000);
  const begun = performance.now();
  const proofs = batch.map((_, i) => tree.getProof(from + i));
  proofsMillis += performance.now() - begun;
  process.stdout.write(batch.map(([address, amount], i) => JSON.stringify({ address, amount, proof: proofs[i] }) + '\n').join(''));
}
console.error(JSON.stringify({ root: tree.root, treeMillis, proofsMillis }));
