/**
 * The licences of what the page is made of: every package of the bundle and
 * every crate of its modules, with its copyright lines, each text once.
 */

import { execFileSync } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The crates of this project that become modules. */
const OWN = new Set(["regulars", "regulars-extras", "regulars-unpack"]);

/** @typedef {{ name: string, version: string, licence: string, folder: string }} Part */

/**
 * Packages of which the bundler took a file.
 *
 * @param {import("esbuild").Metafile} metafile
 * @returns {Promise<Part[]>}
 */
async function packages(metafile) {
  const inside = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  const folders = new Set(
    inside.flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  return Promise.all(
    [...folders].map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      return { name, version, licence: license, folder };
    }),
  );
}

/**
 * Crates that are compiled into the modules of the page.
 *
 * @returns {Part[]}
 */
function crates() {
  const args = ["metadata", "--format-version", "1", "--filter-platform", "wasm32-unknown-unknown"];
  const text = execFileSync(process.env.CARGO ?? "cargo", args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] });
  const { packages, resolve } = JSON.parse(text);
  const byId = new Map(packages.map((/** @type {any} */ one) => [one.id, one]));
  const nodes = new Map(resolve.nodes.map((/** @type {any} */ node) => [node.id, node]));
  const own = packages.filter((/** @type {any} */ one) => OWN.has(one.name)).map((/** @type {any} */ one) => one.id);
  const taken = new Set(own);
  for (const id of taken) {
    for (const { pkg, dep_kinds } of nodes.get(id).deps) {
      const compiledIn = dep_kinds.some((/** @type {any} */ { kind }) => kind === null);
      // A macro runs while compiling and leaves nothing of itself.
      const macro = byId.get(pkg).targets.some((/** @type {any} */ { kind }) => kind.includes("proc-macro"));
      if (compiledIn && !macro) taken.add(pkg);
    }
  }
  for (const id of own) taken.delete(id);
  return [...taken].map((id) => {
    const { name, version, license, manifest_path } = byId.get(id);
    return { name, version, licence: license, folder: dirname(manifest_path) };
  });
}

/**
 * The licence of a part as its own file words it, without the copyright lines.
 *
 * @param {Part} part
 * @returns {Promise<{ owners: string[], text: string }>}
 */
async function licenceOf({ folder, licence }) {
  const files = (await readdir(folder)).filter((name) => /^(licen[sc]e|copying|unlicense)/i.test(name)).sort();
  // Of several to choose from, the shortest text: MIT before Apache.
  const chosen = files.find((name) => /mit/i.test(name)) ?? files.find((name) => !/apache/i.test(name)) ?? files[0];
  if (!chosen) return { owners: [], text: `(${licence}; its package holds no copy of the text)` };
  const lines = (await readFile(join(folder, chosen), "utf8")).split(/\r?\n/).map((line) => line.trim());
  const owned = (/** @type {string} */ line) => /^(copyright|©|\(c\)) .*(\d{4}|authors|contributors)/i.test(line);
  const text = lines
    .filter((line) => !owned(line) && !/^(the )?(mit|isc) licen[sc]e( \(mit\))?$/i.test(line))
    .join(" ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return { owners: lines.filter(owned), text };
}

/**
 * All notices, in an order that depends on nothing but the parts.
 *
 * @param {import("esbuild").Metafile} metafile
 * @returns {Promise<string>}
 */
export async function notices(metafile) {
  const parts = [...(await packages(metafile)), ...crates()];
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const part of parts.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { owners, text } = await licenceOf(part);
    const line = [`${part.name} ${part.version} (${part.licence})`, ...owners].join("; ");
    groups.set(text, [...(groups.get(text) ?? []), line]);
  }
  return [...groups].map(([text, lines]) => `${lines.join("\n")}\n\n${text}\n`).join("\n");
}
