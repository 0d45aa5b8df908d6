/**
 * Makes dist/regulars.html, the one self-contained page: scripts and styles
 * packed under a policy with their hashes, the engine and the languages beside them,
 * all of it as inert text. Prints what it weighs.
 */

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { constants, brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

import { apart } from "../pkg/relative.js";
import { notices } from "./notices.js";
import { plotParts } from "./plot-parts.js";
import { toText } from "./text.js";

const { values: options } = parseArgs({
  options: {
    // The tests make a page of their own, packed in the same way.
    page: { type: "string", default: "www" },
    out: { type: "string", default: "dist/regulars.html" },
    // Weighing takes longer than packing.
    weigh: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const TARGET = ["chrome91", "edge91", "firefox114", "safari16.4"];

/**
 * Takes away what no policy governs, before anything else runs, on the page and
 * in the worker; and the way to a fresh set of the same through a frame.
 */
const REMOVE = `"use strict";
for (const name of [
  "RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "RTCIceTransport",
  "RTCDtlsTransport", "RTCSctpTransport", "WebTransport", "WebSocketStream", "TCPSocket", "UDPSocket",
  "PresentationRequest", "PaymentRequest", "FencedFrameConfig"
]) {
  delete self[name];
  if (name in self) Object.defineProperty(self, name, { value: undefined });
}
for (const name of ["HTMLIFrameElement", "HTMLFrameElement", "HTMLObjectElement", "HTMLEmbedElement"]) {
  for (const way of ["contentWindow", "contentDocument", "getSVGDocument"]) {
    if (name in self) delete self[name].prototype[way];
  }
}
`;

/** The order is that of the design; what is not named is not allowed. */
const policy = (/** @type {string[]} */ scripts) =>
  [
    "default-src 'none'",
    `script-src ${scripts.map((text) => `'sha256-${hash(text)}'`).join(" ")} 'wasm-unsafe-eval'`,
    "worker-src blob:",
    "connect-src 'none'",
    "img-src data: blob:",
    "style-src 'unsafe-inline'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join("; ");

/** @param {string} text */
function hash(text) {
  return createHash("sha256").update(text).digest("base64");
}

/**
 * @param {string} entry
 * @param {import("esbuild").BuildOptions} options
 * @returns {Promise<{ text: string, metafile: import("esbuild").Metafile }>} the bundle
 */
async function bundle(entry, options) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    target: TARGET,
    write: false,
    metafile: true,
    logLevel: "warning",
    conditions: ["browser", "production"],
    loader: { ".svg": "dataurl", ".png": "dataurl" },
    plugins: [packedLanguages, plotParts, unindented],
    ...options,
  });
  const [file] = /** @type {import("esbuild").OutputFile[]} */ (result.outputFiles);
  const text = entry.endsWith(".css") ? file.text : await shorter(file.text, options.format === "esm");
  return { text, metafile: /** @type {import("esbuild").Metafile} */ (result.metafile) };
}

/** The bundler joins and shortens; what is left packs better by a 25th. @param {string} script @param {boolean} module */
async function shorter(script, module) {
  const { code } = await minify(script, { module, ecma: 2020, compress: { passes: 3 }, format: { comments: false } });
  return code ?? script;
}

/** Languages other than English are packed beside the scripts; English is in them. */
const packedLanguages = {
  name: "packed-languages",
  setup(/** @type {import("esbuild").PluginBuild} */ build) {
    build.onResolve({ filter: /\/messages\/.*\.js$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, namespace: "packed" } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: "packed" }, () => ({ contents: "export {};" }));
  },
};

/** Templates of the page without their indentation, which means nothing in HTML. @type {import("esbuild").Plugin} */
const unindented = {
  name: "unindented",
  setup(build) {
    build.onLoad({ filter: /[\\/]www[\\/].*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(/\n\s+/g, "\n"),
      loader: "js",
    }));
  },
};

/**
 * The values of all further languages, in the order of English's names: those of
 * the page and those of the engine; of each but the first what sets it apart from that.
 */
async function languages() {
  const load = (/** @type {string} */ path) => import(pathToFileURL(path).href);
  const page = async (/** @type {string} */ language) => Object.values(await load(`www/strings/${language}.js`))[0];
  const engine = async (/** @type {string} */ language) => (await load(`pkg/messages/${language}.js`)).sentences;
  const both = async (/** @type {string} */ language) => [await page(language), await engine(language)];
  const english = await both("en");
  const names = english.map((catalogue) => Object.keys(catalogue));
  const others = (await readdir("www/strings")).map((file) => file.replace(/\.js$/, "")).filter((language) => language !== "en");
  /** @type {Record<string, unknown[][]>} */
  const values = {};
  /** @type {unknown[][] | undefined} */
  let first;
  for (const language of others) {
    const catalogues = await both(language);
    const own = names.map((list, i) => list.map((name) => catalogues[i][name] ?? null));
    first ??= own;
    values[language] = own === first ? own : apart(own, first);
  }
  return JSON.stringify(values);
}

/**
 * Packs a part of the page, by the same crate that unpacks it.
 *
 * @param {string | Buffer} bytes
 * @returns {Promise<string>}
 */
async function pack(bytes) {
  const packer = spawn(process.env.CARGO ?? "cargo", ["xtask", "pack"], { stdio: ["pipe", "pipe", "inherit"] });
  packer.stdin.end(bytes);
  const packed = await packer.stdout.toArray();
  if (packed.length === 0) throw new Error("cargo xtask pack has failed");
  return toText(Buffer.concat(packed));
}

/** Texts of one part, which the loader takes apart again. @param {string[]} texts */
function together(texts) {
  if (texts.some((text) => text.includes("\0"))) throw new Error("a text of the page holds a NUL");
  return texts.join("\0");
}

const sizes = (/** @type {string | Buffer} */ bytes) => {
  const whole = Buffer.from(bytes);
  const brotli = brotliCompressSync(whole, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: whole.length,
    },
  });
  return { raw: whole.length, gzip: gzipSync(whole, { level: 9 }).length, brotli: brotli.length };
};

const wasm = await readFile("pkg/wasm/regulars_bg.wasm");
const extras = await readFile("pkg/wasm/regulars_extras_bg.wasm");
const unpack = await readFile("pkg/wasm/regulars_unpack_bg.wasm");
const [bundled, loader, worker, style, template] = await Promise.all([
  // Its only use of `import.meta` is the package's default place of worker and
  // wasm, which a page that carries both never asks for.
  bundle(`${options.page}/main.js`, { format: "esm", define: { "import.meta.url": "location.href" } }),
  bundle("xtask/loader.js", { format: "esm", define: { "import.meta.url": '""' } }).then(({ text }) => text.trim()),
  bundle("pkg/worker.js", { format: "iife", define: { "import.meta.url": '""' } }).then(({ text }) => REMOVE + text),
  bundle(`${options.page}/main.css`, {}).then(({ text }) => text.trim()),
  readFile(`${options.page}/index.html`, "utf8"),
]);
const main = bundled.text;
const licences = await notices(bundled.metafile);
const spoken = await languages();
const [page, packedWasm, packedExtras, packedSpoken] = await Promise.all([together([main, style, worker, licences]), wasm, extras, spoken].map(pack));

/**
 * Replaces what must stand in the template exactly once.
 *
 * @param {string} html
 * @param {string} mark
 * @param {string} by
 */
function place(html, mark, by) {
  const parts = html.split(mark);
  if (parts.length !== 2) throw new Error(`${options.page}/index.html must contain exactly once: ${mark}`);
  return parts.join(by);
}

/** @param {string} name @param {string} text */
const inert = (name, text) => `<script type="application/octet-stream" id="regulars-${name}">${text}</script>`;

let html = template;
html = place(
  html,
  "<head>",
  `<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([REMOVE, loader, main])}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<script>${REMOVE}</script>`,
);
html = place(html, '<link rel="stylesheet" href="./main.css">\n', "");
html = place(
  html,
  '<script type="module" src="./main.js"></script>',
  `${inert("unpack", toText(deflateSync(unpack, { level: 9 })))}
${inert("page", page)}
<script type="module" async>${loader}</script>
${inert("languages", packedSpoken)}
${inert("wasm", packedWasm)}
${inert("extras", packedExtras)}
<!-- The licences of all it is made of stand under "Prove it yourself". -->`,
);

await mkdir(dirname(options.out), { recursive: true });
await writeFile(options.out, html);
// The package carries the product for `<regulars-dashboard>`.
if (options.page === "www") await writeFile("pkg/regulars.html", html);

const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(11);
const rows = Object.entries(!options.weigh ? {} : { wasm, extras, unpack, languages: spoken, "main.js": main, "worker.js": worker, "main.css": style, licences, page: html });
if (options.weigh) console.log(`${"".padEnd(15)}${"raw".padStart(11)}${"gzip".padStart(11)}${"brotli".padStart(11)}`);
for (const [name, content] of rows) {
  const { raw, gzip, brotli } = sizes(content);
  console.log(`${name.padEnd(15)}${kb(raw)}${kb(gzip)}${kb(brotli)}`);
}
