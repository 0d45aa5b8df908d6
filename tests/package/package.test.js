/** The package as it is published: what it holds, exports and promises. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

/** Where the package is unpacked, as npm would do it. */
let home = "";

before(() => {
  home = mkdtempSync(join(tmpdir(), "regulars-"));
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["pack", "--workspace", "pkg", "--pack-destination", home, "--silent"]);
  execFileSync("tar", ["-xzf", "regulars-0.1.0.tgz"], { cwd: home });
});
after(() => rmSync(home, { recursive: true }));

const manifest = JSON.parse(readFileSync("pkg/package.json", "utf8"));

test("everything that is exported is in it, and nothing of ours is missing", () => {
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  for (const target of targets) assert.ok(existsSync(join(home, "package", target.replace("*", "duckdb"))), target);
  for (const file of ["README.md", "LICENSE-MIT", "LICENSE-APACHE"]) {
    assert.ok(existsSync(join(home, "package", file)), file);
  }
  assert.equal(manifest.dependencies, undefined);
});

test("its version is the crate's", () => {
  const cargo = readFileSync("Cargo.toml", "utf8");
  assert.equal(/^version = "([^"]+)"/m.exec(cargo)?.[1], manifest.version);
});

test("it runs where it was unpacked, away from the project", () => {
  const script = `
    import { openWorkspace, RegularsError, languages } from "./package/node.js";
    const ws = await openWorkspace();
    const bytes = await ws.sample({ customers: 50 });
    await ws.load(bytes);
    const { total } = await ws.at().customers({ columns: ["customerId"] });
    console.log(JSON.stringify({ total, languages, error: new RegularsError("x").code }));
    await ws.close();
  `;
  const args = ["--input-type=module", "--eval", script];
  const out = JSON.parse(execFileSync(process.execPath, args, { cwd: home, encoding: "utf8" }));
  assert.ok(out.total > 0);
  assert.ok(out.languages.includes("en"));
  assert.equal(out.error, "x");
});

test("the types name what the entries export, in browsers and in Node", async () => {
  const types = readFileSync("pkg/types.d.ts", "utf8");
  const declared = [...types.matchAll(/^export (?:declare )?(?:function|const|class) (\w+)/gm)].map(([, name]) => name);
  for (const entry of ["index.js", "node.js"]) {
    const exported = Object.keys(await import(`../../pkg/${entry}`));
    assert.deepEqual(exported.sort(), declared.toSorted(), entry);
  }
});

test("a workspace and a view have the members that the types give them", async () => {
  const types = readFileSync("pkg/types.d.ts", "utf8");
  /** @param {string} name */
  const members = (name) => {
    const [, body] = /** @type {RegExpExecArray} */ (new RegExp(`^export interface ${name} \\{([^]*?)^\\}`, "m").exec(types));
    return [...body.matchAll(/^  (?:readonly )?(\w+)\??(?:<[^>]*>)?[(:]/gm)].map(([, member]) => member).sort();
  };
  const { Workspace } = await import("../../pkg/workspace.js");
  const { createView } = await import("../../pkg/view.js");
  const own = Object.getOwnPropertyNames(Workspace.prototype).filter((name) => name !== "constructor");
  assert.deepEqual(own.sort(), members("Workspace"));
  const view = createView("2011-12-10", {}, (bytes) => bytes, async () => {});
  assert.deepEqual(Object.keys(view).sort(), members("View"));
});

test("lock files and sources name no registry", () => {
  for (const file of ["package-lock.json", "benches/browser/package-lock.json"]) {
    const resolved = [...readFileSync(file, "utf8").matchAll(/"resolved": "([^"]+)"/g)].map(([, url]) => url);
    assert.deepEqual(resolved.filter((url) => url !== "pkg"), [], file);
  }
});
