/** The contestants: each turns a File into RFM scores a customer. All run in the same page. */

import * as duckdb from "@duckdb/duckdb-wasm";
import Papa from "papaparse";
import { inferSchema, initParser } from "udsv";

import { openWorkspace } from "../../pkg/index.js";
import { scorer } from "./plain.js";

/**
 * @typedef {import("./layouts.js").Layout} Layout
 * @typedef {import("./plain.js").Scored} Scored
 * @typedef {(file: File, layout: Layout) => Promise<Scored>} Contestant
 */

const FETCH = 4 << 20;

/** The file in order, 4 MiB at a time, the next piece on its way. @param {File} file */
async function* pieces(file) {
  let next = file.slice(0, FETCH).arrayBuffer();
  for (let start = 0; start < file.size; start += FETCH) {
    const current = next;
    next = file.slice(start + FETCH, start + 2 * FETCH).arrayBuffer();
    yield new Uint8Array(await current);
  }
}

/** The floor: every byte is fetched and looked at once. @param {File} file */
export async function floor(file) {
  let lines = 0;
  for await (const bytes of pieces(file)) {
    for (let i = 0; i < bytes.length; i += 1) lines += bytes[i] === 10 ? 1 : 0;
  }
  return lines;
}

/**
 * @param {number} [readers] the most workers that read besides the engine's own
 * @returns {Promise<Contestant>}
 */
export async function regulars(readers) {
  const ws = await openWorkspace({
    wasm: new URL("/pkg/wasm/regulars_bg.wasm", location.href),
    createWorker: () => new Worker("/worker.js", { type: "module" }),
    readers,
  });
  return async (file, layout) => {
    const found = await ws.inspect(file);
    const column = (/** @type {string | null} */ name) => found.columns.findIndex((one) => one.name === name);
    const roles = /** @type {const} */ ([
      ["customerId", layout.customer],
      ["orderId", layout.order],
      ["orderDate", layout.date],
      ["amount", layout.amount],
      ["quantity", layout.quantity],
      ["unitPrice", layout.price],
    ]);
    const mapping = roles.flatMap(([role, name]) => (name === null ? [] : [{ role, columns: [column(name)] }]));
    await ws.load(found, { mapping });
    const { columns, total, revenue } = await ws.at().customers({
      columns: ["customerId", "orders", "rScore", "fScore", "mScore"],
      limit: 0xffff_ffff,
    });
    return {
      customers: total,
      orders: /** @type {Float64Array} */ (columns.orders).reduce((sum, count) => sum + count, 0),
      net: revenue,
      customer: /** @type {string[]} */ (columns.customerId),
      r: /** @type {Float64Array} */ (columns.rScore),
      f: /** @type {Float64Array} */ (columns.fScore),
      m: /** @type {Float64Array} */ (columns.mScore),
    };
  };
}

/** @type {Contestant} */
export const papaparse = (file, layout) =>
  new Promise((resolve, reject) => {
    /** @type {ReturnType<typeof scorer> | null} */
    let scores = null;
    Papa.parse(/** @type {any} */ (file), {
      chunk({ data }) {
        const rows = /** @type {string[][]} */ (data);
        let first = 0;
        if (!scores) {
          scores = scorer(rows[0], layout);
          first = 1;
        }
        for (let i = first; i < rows.length; i += 1) scores.add(rows[i]);
      },
      complete: () => (scores ? resolve(scores.finish()) : reject(new Error("nothing was read"))),
      error: reject,
    });
  });

/** @type {Contestant} */
export async function udsv(file, layout) {
  const decoder = new TextDecoder();
  let parser = null;
  let scores = null;
  for await (const bytes of pieces(file)) {
    const text = decoder.decode(bytes, { stream: true });
    if (!parser) {
      const schema = inferSchema(text);
      parser = initParser(schema);
      scores = scorer(schema.cols.map(({ name }) => name), layout);
    }
    parser.chunk(text, parser.stringArrs, /** @type {any} */ (scores).add);
  }
  if (!parser || !scores) throw new Error("nothing was read");
  parser.end();
  return scores.finish();
}

/**
 * DuckDB: with what its reader infers, with every column as text, and with the file
 * read into a table first, as one does who has further questions. The former two
 * read the columns of this question only.
 *
 * @returns {Promise<{ inferred: Contestant, varchar: Contestant, table: Contestant }>}
 */
export async function duckdbWasm() {
  const worker = new Worker("/duckdb/duckdb-browser-eh.worker.js");
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await db.instantiate("/duckdb/duckdb-eh.wasm");
  let runs = 0;
  /** @param {{ varchar?: boolean, kept?: boolean }} how @returns {Contestant} */
  const contestant = ({ varchar = false, kept = false }) => async (file, layout) => {
    // A new name each time, so that nothing is remembered of the last run.
    const name = `run${(runs += 1)}.csv`;
    await db.registerFileHandle(name, file, duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
    const connection = await db.connect();
    try {
      const read = `read_csv('${name}'${varchar ? ", all_varchar = true" : ""})`;
      if (kept) await connection.query(`create or replace table kept as select * from ${read}`);
      const table = await connection.query(sql(kept ? "kept" : read, layout, varchar));
      const column = (/** @type {string} */ which) => /** @type {any} */ (table.getChild(which)).toArray();
      const customer = /** @type {any} */ (table.getChild("customer"));
      const [orders, revenue] = [column("orders"), column("revenue")];
      let [sumOrders, net] = [0, 0];
      for (let i = 0; i < orders.length; i += 1) {
        sumOrders += Number(orders[i]);
        net += revenue[i];
      }
      return {
        customers: table.numRows,
        orders: sumOrders,
        net,
        customer: Array.from({ length: table.numRows }, (_, i) => String(customer.get(i))),
        r: column("r"),
        f: column("f"),
        m: column("m"),
      };
    } finally {
      await connection.close();
      await db.dropFile(name);
    }
  };
  return { inferred: contestant({}), varchar: contestant({ varchar: true }), table: contestant({ kept: true }) };
}

/**
 * @param {string} source what is selected from
 * @param {Layout} layout
 * @param {boolean} varchar
 */
function sql(source, layout, varchar) {
  const id = (/** @type {string | null} */ name) => `"${String(name).replaceAll('"', '""')}"`;
  const number = (/** @type {string | null} */ name) => (varchar ? `try_cast(${id(name)} as double)` : id(name));
  const day =
    layout.dates === "ymd"
      ? `try_cast(${id(layout.date)} as timestamp)::date`
      : `try_strptime(${id(layout.date)}::varchar, [${(layout.dates === "dmy" ? ["%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y"] : ["%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y"]).map((format) => `'${format}'`)}])::date`;
  const items = layout.amount === null;
  const amount = items ? `${number(layout.quantity)} * ${number(layout.price)}` : number(layout.amount);
  const order = layout.order === null ? "day" : id(layout.order);
  return `
    with lines as (
      select ${id(layout.customer)} as customer, ${day} as day, ${amount} as amount, ${order === "day" ? day : order} as order_id
      from ${source}
    ), customers as (
      select customer, max(day) filter (amount >= 0) as last_day,
        count(distinct order_id) filter (amount >= 0) as orders, sum(amount)::double as revenue
      from lines
      where customer is not null and customer::varchar <> '' and day is not null ${items ? "and amount <> 0" : ""}
      group by customer
      having count(*) filter (amount >= 0) > 0
    )
    select customer, orders, revenue,
      ntile(5) over (order by last_day)::int as r,
      ntile(5) over (order by orders)::int as f,
      ntile(5) over (order by revenue)::int as m
    from customers`;
}
