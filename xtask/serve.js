/** Serves dist/regulars.html on localhost and opens it; builds it again when www/ or pkg/ changes. */

import { execFile, spawn } from "node:child_process";
import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: process.env.PORT ?? "8080" },
    "no-open": { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
  },
});

const server = createServer(async (request, response) => {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  if (path !== "/" && path !== "/regulars.html") {
    response.writeHead(404, { "content-type": "text/plain" }).end("There is only the page itself.\n");
    return;
  }
  try {
    const page = await readFile("dist/regulars.html");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    response.end(page);
  } catch (error) {
    response.writeHead(500, { "content-type": "text/plain" }).end(`${error}\n`);
  }
});

/** Takes the next free port when the wanted one is in use. */
let port = Number(values.port);
server.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code !== "EADDRINUSE") throw error;
  server.listen(++port, "127.0.0.1");
});
server.on("listening", () => {
  const url = `http://localhost:${port}/`;
  console.log(`Regulars is at ${url} (end with Ctrl+C)`);
  if (!values["no-open"] && !process.env.CI) open(url);
});
server.listen(port, "127.0.0.1");

/** @param {string} url */
function open(url) {
  const [program, ...args] =
    process.platform === "darwin" ? ["open", url]
    : process.platform === "win32" ? ["cmd", "/c", "start", "", url]
    : ["xdg-open", url];
  const child = spawn(program, args, { stdio: "ignore", detached: true });
  // No desktop, no browser: the address is printed above.
  child.on("error", () => {});
  child.unref();
}

/** @type {NodeJS.Timeout | undefined} */
let waiting;
for (const folder of ["www", "pkg"]) {
  watch(folder, { recursive: true }, (_, file) => {
    // The copy for the package is written by the packing itself.
    if (file === "regulars.html") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      execFile(process.execPath, ["xtask/dist.js"], (error, _, stderr) => {
        console.log(error ? stderr : "built again; reload the page");
      });
    }, 200);
  });
}
