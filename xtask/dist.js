/**
 * Makes dist/regulars.html, the one self-contained page: scripts and styles
 * inlined under a policy with their hashes, the engine and the worker as inert
 * text. Prints what it weighs.
 */

import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { constants, brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

import { notices } from "./notices.js";
import { plotParts } from "./plot-parts.js";

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

/**
 * Unpacks the page's own script and runs it: the policy names it by the hash of its
 * text, as if it stood here.
 */
const LOAD = `
if (!("DecompressionStream" in self)) {
  document.body.append("A newer browser is needed: Chrome or Edge 91, Firefox 114, Safari 16.4 or later.");
}
const packed = Uint8Array.from(atob(document.getElementById("regulars-main").textContent), (char) => char.charCodeAt(0));
const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
const script = document.createElement("script");
script.type = "module";
script.textContent = await new Response(stream).text();
document.head.append(script);
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
    plugins: [packedLanguages, plotParts],
    ...options,
  });
  const [file] = /** @type {import("esbuild").OutputFile[]} */ (result.outputFiles);
  return { text: file.text, metafile: /** @type {import("esbuild").Metafile} */ (result.metafile) };
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

/**
 * The values of all further languages, in the order of English's names: those of
 * the page and those of the engine.
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
  for (const language of others) {
    const catalogues = await both(language);
    values[language] = names.map((list, i) => list.map((name) => catalogues[i][name] ?? null));
  }
  return JSON.stringify(values);
}

/** Text that can stand in a script element without ending it. */
const inScript = (/** @type {string} */ text) =>
  text.replaceAll(/<(\/script|!--|script)/gi, "\\x3c$1");

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
const [bundled, worker, style, template] = await Promise.all([
  // Its only use of `import.meta` is the package's default place of worker and
  // wasm, which a page that carries both never asks for.
  bundle(`${options.page}/main.js`, { format: "esm", define: { "import.meta.url": "location.href" } }),
  bundle("pkg/worker.js", { format: "iife", define: { "import.meta.url": '""' } }).then(({ text }) =>
    inScript(REMOVE + text),
  ),
  bundle(`${options.page}/main.css`, {}).then(({ text }) => text.trim().replaceAll("</style", "<\\/style")),
  readFile(`${options.page}/index.html`, "utf8"),
]);
const main = bundled.text;
const licences = (await notices(bundled.metafile)).replaceAll("--", "- -");
const pack = (/** @type {string | Buffer} */ bytes) => gzipSync(bytes, { level: 9 }).toString("base64");
const spoken = await languages();

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

let html = template;
html = place(
  html,
  "<head>",
  `<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy([REMOVE, LOAD, main])}">
<meta http-equiv="x-dns-prefetch-control" content="off">
<script>${REMOVE}</script>`,
);
html = place(html, '<link rel="stylesheet" href="./main.css">', `<style>${style}</style>`);
html = place(
  html,
  '<script type="module" src="./main.js"></script>',
  `<script type="application/octet-stream" id="regulars-wasm">${pack(wasm)}</script>
<script type="application/octet-stream" id="regulars-extras">${pack(extras)}</script>
<script type="application/octet-stream" id="regulars-languages">${pack(spoken)}</script>
<script type="application/octet-stream" id="regulars-main">${pack(main)}</script>
<script type="text/plain" id="regulars-worker">${worker}</script>
<script type="module">${LOAD}</script>
<!-- This page contains:

${licences}-->`,
);

await mkdir(dirname(options.out), { recursive: true });
await writeFile(options.out, html);

const kb = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(11);
const rows = Object.entries(!options.weigh ? {} : { wasm, extras, languages: spoken, "main.js": main, "worker.js": worker, "main.css": style, licences, page: html });
if (options.weigh) console.log(`${"".padEnd(15)}${"raw".padStart(11)}${"gzip".padStart(11)}${"brotli".padStart(11)}`);
for (const [name, content] of rows) {
  const { raw, gzip, brotli } = sizes(content);
  console.log(`${name.padEnd(15)}${kb(raw)}${kb(gzip)}${kb(brotli)}`);
}
