/** Files that are not UTF-8 text, through the package and its second module. */

import assert from "node:assert/strict";
import { openAsBlob, readFileSync } from "node:fs";
import { test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";
import { failure } from "./fake.js";

/** @param {string} name */
const fixture = (name) => `tests/fixtures/csv/${name}.csv`;

// First: a thread that has the module keeps it.
test("without its second module the workspace says so, and reads UTF-8 as ever", async () => {
  const ws = await openWorkspace({ extras: () => Promise.reject(new Error("not there")) });
  const error = await failure(ws.inspect(await openAsBlob(fixture("gbk"))));
  assert.deepEqual([error.code, error.params], ["extras-missing", { reason: "Error: not there" }]);
  assert.equal((await ws.inspect("a,b\n1,2\n")).rows, 1);
  await ws.close();
});

test("other encodings and workbooks read as their descriptions say", async () => {
  const ws = await openWorkspace();
  const names = [
    "gbk", "gb18030", "big5", "shift_jis", "euc_kr", "windows_1251", "windows_1252", "latin1", "utf16le", "utf16be",
    "utf16le_no_bom", "utf16be_no_bom", "utf8_broken", "workbook", "zipped_gbk",
  ];
  for (const name of names) {
    const expected = JSON.parse(readFileSync(fixture(name).replace(".csv", ".json"), "utf8"));
    const source = await openAsBlob(fixture(name));
    const found = await ws.inspect(source, { previewRows: Infinity });
    assert.equal(found.encoding, expected.encoding, name);
    assert.deepEqual(found.preview.header, expected.header, name);
    if (expected.rows) assert.deepEqual(found.preview.rows, expected.rows, name);
    assert.equal(found.bytes, source.size, name);
  }
  await ws.close();
});

test("the encoding can be said, and what it does not have is said", async () => {
  const ws = await openWorkspace();
  const source = await openAsBlob(fixture("gbk"));
  const big5 = await ws.inspect(source, { encoding: "Big5" });
  assert.equal(big5.encoding, "big5");
  assert.notEqual(big5.preview.header?.[0], "订单编号");
  const plain = await ws.inspect(source, { encoding: "utf-8" });
  assert.deepEqual([plain.encoding, plain.notices.map(({ code }) => code)], ["utf-8", ["invalid-utf-8"]]);
  const broken = await ws.inspect(new Uint8Array([97, 44, 98, 10, 49, 44, 0xff, 10]), { encoding: "gb2312" });
  const notice = broken.notices.find(({ code }) => code === "characters-replaced");
  assert.deepEqual(notice?.params, { count: 1, encoding: "gbk" });
  assert.match(notice?.text ?? "", /1 character is not part of gbk/);
  assert.equal((await failure(ws.inspect(source, { encoding: "klingon" }))).code, "unknown-encoding");
  // The workspace goes on after each of them.
  assert.equal((await ws.inspect("a,b\n1,2\n")).encoding, "utf-8");
  await ws.close();
});

test("a sheet of a workbook can be chosen; a bad workbook is said", async () => {
  const ws = await openWorkspace();
  const source = await openAsBlob(fixture("workbook"));
  const found = await ws.inspect(source);
  assert.deepEqual([found.sheet, found.sheets], ["Orders", [{ name: "About", rows: 1 }, { name: "Orders", rows: 5 }]]);
  assert.equal((await ws.inspect(source, { sheet: "About" })).sheet, "About");
  const missing = await failure(ws.inspect(source, { sheet: "Sheet9" }));
  assert.deepEqual([missing.code, missing.params.sheet], ["unknown-sheet", "Sheet9"]);
  assert.equal((await failure(ws.inspect(await openAsBlob(fixture("xlsx"))))).code, "bad-workbook");
  const ledger = await ws.load(found);
  assert.deepEqual([ledger.rowsRead, ledger.firstDate, ledger.lastDate], [4, "2010-12-01", "2011-01-04"]);
  await ws.close();
});

test("what was found can be said otherwise: delimiter, quote, header", async () => {
  const ws = await openWorkspace();
  const text = "a;b,c\n1;'2,3'\n4;5,6\n";
  const found = await ws.inspect(text, { delimiter: ",", quote: "'", header: false });
  assert.deepEqual([found.delimiter, found.header], [",", false]);
  assert.equal(found.rows, 3);
  assert.equal((await failure(ws.inspect(text, { delimiter: "ab" }))).code, "bad-delimiter");
  assert.equal((await failure(ws.inspect(text, { quote: "x" }))).code, "bad-quote");
  await ws.close();
});
