// Compiles contracts/src with one pinned compiler. Usage: node contracts/build.mjs [OUTPUT_FOLDER]
//
// The compiler comes from npm, is checked by sha512, and is kept in the user's cache folder. No package is installed and no
// script of a package is run. The output depends on nothing but the sources and this file.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const compiler = {
  version: "0.8.30",
  integrity: "sha512-9Srk/gndtBmoUbg4CE6ypAzPQlElv8ntbnl6SigUBAzgXKn35v87sj04uZeoZWjtDkdzT0qKFcIo/wl63UMxdw==",
};
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "cancun",
  metadata: { bytecodeHash: "none", appendCBOR: false },
  outputSelection: { "*": { "*": ["abi", "evm.bytecode.object", "metadata"] } },
};

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "out");

function cacheFolder() {
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "keymaker");
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "keymaker");
}

function checked(tarball) {
  const got = "sha512-" + createHash("sha512").update(tarball).digest("base64");
  if (got !== compiler.integrity) throw new Error(`solc ${compiler.version} hashes to ${got}, pinned is ${compiler.integrity}`);
  return tarball;
}

function fetchCompiler() {
  const folder = join(cacheFolder(), "solc");
  const kept = join(folder, `solc-${compiler.version}.tgz`);
  if (existsSync(kept)) return checked(readFileSync(kept));
  mkdirSync(folder, { recursive: true });
  const tmp = mkdtempSync(join(folder, ".fetch-"));
  try {
    execFileSync("npm", ["pack", `solc@${compiler.version}`, "--ignore-scripts", "--silent"], { cwd: tmp });
    const packed = join(tmp, `solc-${compiler.version}.tgz`);
    const tarball = checked(readFileSync(packed));
    renameSync(packed, kept);
    return tarball;
  } finally {
    rmSync(tmp, { recursive: true });
  }
}

function fileInTar(tar, path) {
  for (let at = 0; at < tar.length; ) {
    const field = (from, size) => tar.toString("utf8", at + from, at + from + size).replace(/\0.*$/s, "");
    const size = parseInt(field(124, 12).trim() || "0", 8);
    if (field(0, 100) === path) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`no ${path} in the compiler's package`);
}

function loadCompiler() {
  const source = fileInTar(gunzipSync(fetchCompiler()), "package/soljson.js").toString("utf8");
  const require = createRequire(import.meta.url);
  const Module = require("node:module");
  const loaded = new Module("soljson.cjs");
  loaded._compile(source, "soljson.cjs");
  const compile = loaded.exports.cwrap("solidity_compile", "string", ["string", "number", "number"]);
  return (input) => JSON.parse(compile(JSON.stringify(input), 0, 0));
}

const sources = Object.fromEntries(
  readdirSync(join(here, "src"))
    .filter((name) => name.endsWith(".sol"))
    .sort()
    .map((name) => [name, { content: readFileSync(join(here, "src", name), "utf8") }]),
);
const result = loadCompiler()({ language: "Solidity", sources, settings });
const complaints = (result.errors ?? []).map((e) => e.formattedMessage);
if (complaints.length > 0) {
  console.error(complaints.join("\n"));
  process.exit(1);
}

mkdirSync(out, { recursive: true });
for (const [file, contracts] of Object.entries(result.contracts)) {
  for (const [name, c] of Object.entries(contracts)) {
    if (c.evm.bytecode.object === "") continue;
    const metadata = JSON.parse(c.metadata);
    const hashes = Object.fromEntries(Object.entries(metadata.sources).map(([path, s]) => [path, s.keccak256]));
    const compiled = { contract: name, compiler: metadata.compiler.version, sources: hashes, abi: c.abi, creation: "0x" + c.evm.bytecode.object };
    writeFileSync(join(out, `${name}.json`), JSON.stringify(compiled, null, 1) + "\n");
    console.error(`${file}: ${name}, ${c.evm.bytecode.object.length / 2} bytes`);
  }
}
