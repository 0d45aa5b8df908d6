/** The statements of pkg/warehouse: what they sum up of a shop scores and fits as its orders do. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { NODE_RUNTIME, VoidLogger, createDuckDB } from "@duckdb/duckdb-wasm/blocking";
import { openWorkspace } from "../../pkg/node.js";

/** @import { Workspace } from "../../pkg/types.d.ts" */

/** The sample shop has no returns and names everybody; a warehouse has more to it. */
const AWKWARD = [
  "90001,2024-03-05,C20008,-12.50",
  "90002,2024-03-06,,18.00",
  "90003,2024-03-06,C20009,0",
  "90004,2024-03-07,ONLY-BACK,-5.00",
  "90005,2024-03-08,C20010,20.05",
];

/** @type {string} */
let folder;
/** @type {Workspace} */
let ws;
/** The lines as the warehouse holds them, and as the shop's export does. */
const lines = () => join(folder, "lines.csv");

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "regulars-"));
  ws = await openWorkspace();
  const sample = new TextDecoder().decode(/** @type {Uint8Array} */ (await ws.sample({ seed: 3, customers: 400 })));
  const [head, ...rows] = sample.trim().split("\n");
  const names = head.split(",");
  const at = (/** @type {string} */ name) => names.indexOf(name);
  const table = rows.map((row) => {
    const cells = row.split(",");
    const amount = Number(cells[at("Quantity")]) * Number(cells[at("Unit price")]);
    return [cells[at("Order ID")], cells[at("Order date")], cells[at("Customer ID")], amount.toFixed(2)].join(",");
  });
  await writeFile(lines(), ["order_id,order_date,customer_id,amount", ...table, ...AWKWARD].join("\n"));
});

after(async () => {
  await ws.close();
  await rm(folder, { recursive: true });
});

const statement = (/** @type {string} */ dialect) => readFile(new URL(`../../pkg/warehouse/${dialect}.sql`, import.meta.url), "utf8");

/** What the dashboard says of a source. @param {Uint8Array | string} source */
async function said(source) {
  const ledger = await ws.load(source);
  const view = ws.at();
  const scored = await view.rfm();
  assert.ok("segments" in scored, JSON.stringify(scored));
  const { columns } = await view.customers({ columns: ["customerId", "orders", "revenue", "recencyDays", "rfmCell", "segment"], sortBy: "customerId" });
  const fitted = await view.lifetime({ model: "bg-nbd", holdoutDays: 0 });
  assert.ok("parameters" in fitted, JSON.stringify(fitted));
  return {
    kind: ledger.kind,
    customers: Array.from(/** @type {string[]} */ (columns.customerId), (id, i) => [id, columns.orders?.[i], columns.revenue?.[i], columns.recencyDays?.[i], columns.rfmCell?.[i], columns.segment?.[i]]),
    segments: scored.segments,
    parameters: fitted.parameters.map(({ name, value }) => ({ name, value: value.toPrecision(9) })),
  };
}

test("DuckDB's summary says what the orders say", async () => {
  const module = { mainModule: fileURLToPath(import.meta.resolve("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm")), mainWorker: "" };
  const duckdb = await createDuckDB({ mvp: module, eh: module }, new VoidLogger(), NODE_RUNTIME);
  await duckdb.instantiate(() => {});
  duckdb.registerFileBuffer("lines.csv", await readFile(lines()));
  const connection = duckdb.connect();
  connection.query("CREATE TABLE order_lines AS SELECT * FROM read_csv('lines.csv', types = {'order_id': 'VARCHAR', 'order_date': 'TIMESTAMP', 'customer_id': 'VARCHAR', 'amount': 'DECIMAL(18, 3)'})");
  connection.query(`COPY (${await statement("duckdb")}) TO '${join(folder, "duckdb.csv")}' (HEADER)`);
  const summary = await readFile(join(folder, "duckdb.csv"));
  connection.close();
  const ofSummary = await said(summary);
  const ofOrders = await said(await readFile(lines()));
  assert.equal(ofSummary.kind, "customers");
  assert.equal(ofOrders.kind, "orders");
  assert.deepEqual({ ...ofSummary, kind: "" }, { ...ofOrders, kind: "" });
});

test("the statements differ in the name of a type only", async () => {
  const bare = async (/** @type {string} */ dialect) => (await statement(dialect)).replaceAll(/--.*\n/g, "\n").replaceAll(/\s+/g, " ").trim();
  const duckdb = await bare("duckdb");
  assert.match(duckdb, /^WITH lines AS/);
  for (const dialect of ["spark", "snowflake"]) assert.equal(await bare(dialect), duckdb, dialect);
  assert.equal((await bare("bigquery")).replace("NUMERIC", "DECIMAL(18, 2)"), duckdb);
});

const SPARK = `
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", 1).getOrCreate()
spark.read.csv(sys.argv[1], header=True).createOrReplaceTempView("order_lines")
rows = spark.sql(sys.stdin.read())
print(",".join(rows.columns))
for row in rows.collect():
    print(",".join(map(str, row)))
`;

const python = process.env.SPARK_PYTHON;

test("so does Spark's", { skip: python ? false : "SPARK_PYTHON names no Python with pyspark" }, async () => {
  const run = promisify(execFile)(python ?? "", ["-c", SPARK, lines()], { maxBuffer: 1 << 26 });
  run.child.stdin?.end(await statement("spark"));
  const { stdout } = await run;
  const ofSummary = await said(stdout);
  const ofOrders = await said(await readFile(lines()));
  assert.deepEqual(ofSummary, { ...ofOrders, kind: "customers" });
});
