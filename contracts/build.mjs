// Compiles contracts/src with one pinned compiler. Usage: node contracts/build.mjs [OUTPUT_FOLDER]
//
// The compiler and the library that src/key imports come from npm, are checked by sha512, and are kept in the user's cache folder. No
// package is installed and no script of a package is run. The output depends on nothing but the sources and this file.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join, posix, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const compiler = {
  name: "solc",
  version: "0.8.30",
  integrity: "sha512-9Srk/gndtBmoUbg4CE6ypAzPQlElv8ntbnl6SigUBAzgXKn35v87sj04uZeoZWjtDkdzT0qKFcIo/wl63UMxdw==",
};
const library = {
  name: "@openzeppelin/contracts",
  version: "5.7.0",
  integrity: "sha512-IL2AZpI+7THMzt1u6Cxmc1zLwVnudtUGvrqXQ/HnbLKfQ/8dIWMMQPDwPIjRQzNrlAo4cxZaCGRB/XvwPo9ILA==",
};
const settings = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: "cancun",
  metadata: { bytecodeHash: "none", appendCBOR: false },
};
const wanted = { "*": ["abi", "evm.bytecode.object", "metadata"] };

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "out");

function cacheFolder() {
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "keymaker");
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "keymaker");
}

function checked(pinned, tarball) {
  const got = "sha512-" + createHash("sha512").update(tarball).digest("base64");
  if (got !== pinned.integrity) throw new Error(`${pinned.name} ${pinned.version} hashes to ${got}, pinned is ${pinned.integrity}`);
  return tarball;
}

function fetched(pinned) {
  const folder = join(cacheFolder(), "solc");
  const file = `${pinned.name.replace("@", "").replace("/", "-")}-${pinned.version}.tgz`; // as npm pack names it
  const kept = join(folder, file);
  if (existsSync(kept)) return checked(pinned, readFileSync(kept));
  mkdirSync(folder, { recursive: true });
  const tmp = mkdtempSync(join(folder, ".fetch-"));
  try {
    execFileSync("npm", ["pack", `${pinned.name}@${pinned.version}`, "--ignore-scripts", "--silent"], { cwd: tmp });
    const tarball = checked(pinned, readFileSync(join(tmp, file)));
    renameSync(join(tmp, file), kept);
    return tarball;
  } finally {
    rmSync(tmp, { recursive: true });
  }
}

// The files of a package, by their path in it.
function filesOf(pinned) {
  const tar = gunzipSync(fetched(pinned));
  const files = new Map();
  for (let at = 0; at < tar.length; ) {
    const field = (from, size) => tar.toString("utf8", at + from, at + from + size).replace(/\0.*$/s, "");
    const size = parseInt(field(124, 12).trim() || "0", 8);
    const path = posix.join(field(345, 155), field(0, 100));
    files.set(path.replace(/^package\//, ""), tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

function loadCompiler() {
  const source = filesOf(compiler).get("soljson.js").toString("utf8");
  const require = createRequire(import.meta.url);
  const Module = require("node:module");
  const loaded = new Module("soljson.cjs");
  loaded._compile(source, "soljson.cjs");
  const compile = loaded.exports.cwrap("solidity_compile", "string", ["string", "number", "number"]);
  return (input) => JSON.parse(compile(JSON.stringify(input), 0, 0));
}

function ownSources() {
  const paths = readdirSync(join(here, "src"), { recursive: true }).map((path) => path.split(sep).join("/"));
  return Object.fromEntries(
    paths
      .filter((path) => path.endsWith(".sol"))
      .sort()
      .map((path) => [path, { content: readFileSync(join(here, "src", path), "utf8") }]),
  );
}

// What the sources import of the library, and what that imports in turn, by the names that the compiler gives them.
function imported(sources) {
  const files = filesOf(library);
  const found = {};
  const follow = (from, { content }) => {
    for (const [, path] of content.matchAll(/^import\s[^"]*"([^"]+)";/gm)) {
      const name = path.startsWith(".") ? posix.join(posix.dirname(from), path) : path;
      if (!name.startsWith(library.name + "/") || name in found) continue;
      found[name] = { content: files.get(name.slice(library.name.length + 1)).toString("utf8") };
      follow(name, found[name]);
    }
  };
  for (const [name, source] of Object.entries(sources)) follow(name, source);
  return found;
}

const own = ownSources();
const outputSelection = Object.fromEntries(Object.keys(own).map((name) => [name, wanted]));
const result = loadCompiler()({
  language: "Solidity",
  sources: { ...own, ...imported(own) },
  settings: { ...settings, outputSelection },
});
const complaints = (result.errors ?? [])
  .filter((e) => e.severity === "error" || !e.sourceLocation || e.sourceLocation.file in own) // the library's warnings are its own
  .map((e) => e.formattedMessage);
if (complaints.length > 0) {
  console.error(complaints.join("\n"));
  process.exit(1);
}

mkdirSync(out, { recursive: true });
for (const [file, contracts] of Object.entries(result.contracts)) {
  if (!(file in own)) continue;
  for (const [name, c] of Object.entries(contracts)) {
    if (c.evm.bytecode.object === "" || c.abi.length === 0) continue; // abstract, or a library that is compiled into its users
    const metadata = JSON.parse(c.metadata);
    const hashes = Object.fromEntries(Object.entries(metadata.sources).map(([path, s]) => [path, s.keccak256]));
    const compiled = { contract: name, compiler: metadata.compiler.version, sources: hashes, abi: c.abi, creation: "0x" + c.evm.bytecode.object };
    writeFileSync(join(out, `${name}.json`), JSON.stringify(compiled, null, 1) + "\n");
    console.error(`${file}: ${name}, ${c.evm.bytecode.object.length / 2} bytes`);
  }
}
