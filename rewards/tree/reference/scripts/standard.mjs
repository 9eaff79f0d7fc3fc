// Reads claims as lines of JSON and prints each with its proof, in the order of the input, as the library makes it.
// The last line on stderr says the root, and what time the library took of the clock and of the processors, without reading and
// printing.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { StandardMerkleTree } from '@openzeppelin/merkle-tree';

// stopwatch adds up the milliseconds of what it runs.
const stopwatch = () => ({
  clock: 0,
  processors: 0,
  run(work) {
    const used = process.cpuUsage();
    const started = performance.now();
    const result = work();
    this.clock += performance.now() - started;
    const { user, system } = process.cpuUsage(used);
    this.processors += (user + system) / 1000;
    return result;
  },
});

const claims = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { address, amount } = JSON.parse(line);
  claims.push([address, amount]);
}

const building = stopwatch();
const tree = building.run(() => StandardMerkleTree.of(claims, ['address', 'uint256']));

const proving = stopwatch();
for (let from = 0; from < claims.length; from += 1000) {
  const batch = claims.slice(from, from + 1000);
  const proofs = proving.run(() => batch.map((_, i) => tree.getProof(from + i)));
  const lines = batch.map(([address, amount], i) => JSON.stringify({ address, amount, proof: proofs[i] }) + '\n').join('');
  if (!process.stdout.write(lines)) await once(process.stdout, 'drain'); // a million claims are more than a buffer holds
}
console.error(JSON.stringify({ root: tree.root, tree: building, proofs: proving }));
