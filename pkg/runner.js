/** Runs one call of the engine after another, each in slices, wherever the engine lives. */

import { Cancelled, EngineCrash, spoken } from "./errors.js";
import { decoder, detected, isUtf8, opened, remedy } from "./extras.js";
import { Pace } from "./pace.js";
import { ReadAlone, Shares } from "./readers.js";
import { pieces } from "./sources.js";

/**
 * The engine as the crate exports it.
 *
 * @typedef {object} Engine
 * @property {(call: string, args: object) => void} start
 * @property {(bytes: Uint8Array) => void} push
 * @property {() => void} endInput
 * @property {() => Uint8Array | undefined} piece of what was read for another engine
 * @property {(piece: Uint8Array) => void} merge
 * @property {(budget: number) => { result: any } | undefined} advance
 * @property {() => Float64Array} progress
 * @property {() => void} cancel
 * @property {() => number} memory bytes of linear memory in use
 * @property {() => void} [free]
 */

/**
 * @typedef {object} Call
 * @property {string} name
 * @property {object} args
 * @property {Blob} [source] read by "inspect"
 * @property {number} [readers] further workers that will come and read parts of it
 */

/**
 * What "inspect" is told; see `InspectOptions` of types.d.ts.
 *
 * @typedef {{ encoding?: string, sheet?: string, delimiter?: string, bytes?: number, detected?: boolean }} InspectArgs
 */

/** @typedef {{ stage: string, done: number, total: number, rows?: number }} Progress */

/** The stages of the engine's tasks, by the index that `Engine.progress` gives. */
export const STAGES = [
  "reading", "resolving", "lifetime", "activity", "churn", "writing", "describing", "planning",
  "cohorts", "lifecycle", "grouping", "profiling", "baskets", "forecast",
];

/** The largest piece pushed at once. */
const PUSH = 1 << 20;
/** Above this, a trap is taken for memory that could not grow. */
const MUCH_MEMORY = 1 << 30;

/** One engine, one call at a time. */
export class Runner {
  #engine;
  #memoryBytes;
  #extras;
  #cancelled = false;
  #running = false;
  /** @type {Shares | null} */
  #shares = null;

  /**
   * @param {Engine} engine
   * @param {() => number} memoryBytes size of its linear memory, also after a trap
   * @param {import("./extras.js").LoadExtras} extras for files that are not UTF-8 text
   */
  constructor(engine, memoryBytes = () => 0, extras = () => Promise.reject(new Error("no extras"))) {
    this.#engine = engine;
    this.#extras = extras;
    this.#memoryBytes = memoryBytes;
  }

  /** Whether a call is under way. */
  get running() {
    return this.#running;
  }

  /** Stops the running call before its next slice; it then ends with `Cancelled`. */
  cancel() {
    this.#cancelled = this.#running;
    this.#shares?.wake();
  }

  /**
   * A further worker is ready to read a part of the source; without a port, one
   * that was ready is lost.
   *
   * @param {MessagePort} [port]
   */
  joined(port) {
    if (!port) this.#shares?.wake(new ReadAlone());
    else if (this.#shares) this.#shares.add(port);
    else port.close();
  }

  /**
   * @param {Call} call
   * @param {(progress: Progress) => void} report called at most ten times a second
   * @returns {Promise<any>} the plain result
   * @throws {import("./errors.js").RegularsError} what the engine says
   * @throws {EngineCrash} when the engine can't be used any more
   * @throws {Cancelled}
   */
  async run(call, report) {
    if (this.#running) throw new Error("one call at a time");
    this.#running = true;
    this.#cancelled = false;
    try {
      if (call.source) return await this.#inspect(call.source, call.args, report, call.readers);
      this.#engine.start(call.name, call.args);
      return await this.#advance(report);
    } catch (thrown) {
      throw this.#settle(thrown);
    } finally {
      this.#running = false;
    }
  }

  /**
   * Reads a source as UTF-8, and when the engine says that it is something else,
   * once more as that.
   *
   * @param {Blob} source
   * @param {InspectArgs} args
   * @param {(progress: Progress) => void} report
   * @param {number} [readers] further ones that are to come
   * @returns {Promise<any>}
   */
  async #inspect(source, args, report, readers = 0) {
    const given = args.encoding;
    try {
      if (given !== undefined && !isUtf8(given)) return await this.#decoded(source, args, given, report);
      const utf8 = given === undefined ? args : { ...args, encoding: "utf-8" };
      if (readers > 0) return await this.#shared(source, utf8, report, readers);
      return await this.#read(plain(source), source.size, utf8, report);
    } catch (thrown) {
      const error = spoken(thrown);
      const way = error && remedy(error);
      if (!error || !way || (way === "decode" && given !== undefined)) throw thrown;
      this.#engine.cancel();
      if (way === "open") return await this.#opened(source, args, report);
      const said = String(error.params.encoding);
      const encoding = said === "unknown" ? await detected(this.#extras, source) : said;
      this.#check();
      return await this.#inspect(source, { ...args, encoding, detected: true }, report);
    }
  }

  /**
   * Reads a source together with others; alone, if one of them fails.
   *
   * @param {Blob} source
   * @param {InspectArgs} args
   * @param {(progress: Progress) => void} report
   * @param {number} readers
   */
  async #shared(source, args, report, readers) {
    const { sheet: _, ...known } = args;
    const shares = new Shares(source, known, readers);
    this.#shares = shares;
    try {
      return await this.#read(plain(source, shares.own), source.size, args, report, shares);
    } catch (thrown) {
      if (!(thrown instanceof ReadAlone)) throw thrown;
      this.#engine.cancel();
    } finally {
      this.#shares = null;
      shares.close();
    }
    return this.#read(plain(source), source.size, args, report);
  }

  /**
   * @param {Blob} source
   * @param {InspectArgs} args
   * @param {string} label
   * @param {(progress: Progress) => void} report
   */
  async #decoded(source, args, label, report) {
    const { encoding, pieces, notices } = await decoder(this.#extras, source, label);
    const found = await this.#read(pieces(), source.size, { bytes: source.size, ...args, encoding }, report);
    found.notices?.push(...notices());
    return found;
  }

  /**
   * @param {Blob} source a workbook, or an archive of tables
   * @param {InspectArgs} args
   * @param {(progress: Progress) => void} report
   */
  async #opened(source, args, report) {
    const { source: table, isSheet, sheet, sheets } = await opened(this.#extras, source, args.sheet);
    this.#check();
    const size = { bytes: source.size };
    const found = isSheet
      ? await this.#read(plain(table), table.size, { delimiter: ",", ...args, ...size, encoding: "xlsx" }, report)
      : await this.#inspect(table, { ...args, ...size }, report);
    return Object.assign(found, { sheet, sheets });
  }

  /**
   * @param {AsyncGenerator<{ bytes: Uint8Array, of: number }>} pieces
   * @param {number} total bytes of the source
   * @param {InspectArgs} args
   * @param {(progress: Progress) => void} report
   * @param {Shares | null} [shares] that others read
   */
  async #read(pieces, total, args, report, shares = null) {
    const { sheet: _, ...known } = args;
    this.#engine.start("inspect", known);
    const pace = new Pace(PUSH / 4, PUSH);
    let done = 0;
    const look = (/** @type {number} */ read) => {
      this.#check();
      if (!pace.due()) return;
      // How many bytes there are in all is not the engine's to know: it counts rows.
      const [, , rows = 0] = this.#engine.progress();
      const [bytes, further] = shares ? [shares.bytes, shares.rows] : [0, 0];
      report({ stage: "reading", done: Math.round(read) + bytes, total, rows: rows + further });
    };
    for await (const { bytes, of } of pieces) {
      if (shares) shares.taken = done + of;
      for (let start = 0; start < bytes.length; ) {
        const part = bytes.subarray(start, start + Math.max(pace.size, 4096));
        pace.step(() => this.#engine.push(part));
        start += part.length;
        if (shares) shares.read = done + start;
        await pace.rest();
        shares?.check();
        look(done + (of * start) / bytes.length);
      }
      done += of;
    }
    await shares?.merge(this.#engine, () => look(done));
    this.#engine.endInput();
    return this.#advance(report);
  }

  /** @param {(progress: Progress) => void} report */
  async #advance(report) {
    const pace = new Pace(20_000);
    for (;;) {
      this.#check();
      const step = pace.step(() => this.#engine.advance(pace.size));
      if (step) return step.result;
      if (pace.due()) {
        const [stage = 0, done = 0, total = 0] = this.#engine.progress();
        report({ stage: STAGES[stage] ?? "working", done, total });
      }
      await pace.rest();
    }
  }

  #check() {
    if (this.#cancelled) throw new Cancelled();
  }

  /**
   * Leaves the engine ready for the next call, or says that it is not.
   *
   * @param {unknown} thrown
   * @returns {unknown} what to throw on
   */
  #settle(thrown) {
    const error = thrown instanceof Cancelled ? thrown : spoken(thrown);
    try {
      if (error) {
        this.#engine.cancel();
        return error;
      }
    } catch {
      // An engine that can't even drop a task is replaced like one that trapped.
    }
    const code = this.#memoryBytes() > MUCH_MEMORY ? "out-of-memory" : "engine-failed";
    return new EngineCrash(code, String(thrown));
  }
}

/**
 * The bytes of a source as they are.
 *
 * @param {Blob} source
 * @param {{ start: number, end: number }} [range]
 * @returns {AsyncGenerator<{ bytes: Uint8Array, of: number }, void, void>}
 */
async function* plain(source, range) {
  for await (const bytes of pieces(source, range)) yield { bytes, of: bytes.length };
}
