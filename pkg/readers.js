/**
 * Several workers read one file: each folds a range of it, and the one that was
 * asked for the file merges what came of it, in order. Which of them reads what
 * follows from when they are ready; the result does not depend on it.
 */

import { RegularsError, spoken } from "./errors.js";
import { Pace } from "./pace.js";
import { pieces } from "./sources.js";

/** @typedef {import("./runner.js").Engine} Engine */

/**
 * What is read for another worker.
 *
 * @typedef {{ source: Blob, args: object, start: number, end: number }} Share
 */

/**
 * What the reader of a share is told: the share, to hand over the next piece of
 * what came of it, or to give up.
 *
 * @typedef {{ kind: "read", share: Share } | { kind: "next" } | { kind: "stop" }} ToReader
 */

/**
 * What it answers. `read` says how far it is; a piece of null comes after the last one.
 *
 * @typedef {{ kind: "read", bytes: number, rows: number, done: boolean }
 *   | { kind: "piece", piece: Uint8Array | null }
 *   | { kind: "failed", code: string, params: any }} FromReader
 */

/** A file shorter than this is read by one worker: another would hardly be ready before it is read. */
const LEAST_BYTES = 8 << 20;
/** What is left of a file is shared if it is longer than this. */
const LEAST_SHARE = 2 << 20;
/** More workers than this wait for the disk, and for the one that merges. */
const MOST_READERS = 3;
/** The largest piece pushed at once; also holds the head, by which all decide how to read. */
const PUSH = 1 << 20;

/**
 * How many workers are to read a source besides the engine's own.
 *
 * @param {import("./runner.js").Call} call
 * @param {number} [most] that are allowed; default: two fewer than there are cores, up to three,
 *   as one core reads anyway and the browser, which fetches the bytes, keeps one busy
 */
export function readersFor({ name, args, source }, most) {
  const { encoding = "utf-8", previewRows = 0 } = /** @type {{ encoding?: string, previewRows?: number }} */ (args);
  // What is decoded first comes in one stream, and rows to be shown all travel dearly.
  if (name !== "inspect" || !source || !/^utf-?8$/i.test(encoding) || previewRows > 10_000) return 0;
  const cores = globalThis.navigator?.hardwareConcurrency ?? 1;
  return Math.max(0, Math.min(most ?? Math.min(cores - 2, MOST_READERS), Math.floor(source.size / LEAST_BYTES)));
}

/** Says that shares are lost, and that the source is to be read by one worker. */
export class ReadAlone extends Error {}

/** The shares of one source, where they are merged. */
export class Shares {
  #source;
  #args;
  #expected;
  /** @type {Remote[]} in the order in which they came: from the end of the file */
  #remotes = [];
  /** @type {unknown} */
  #failure = null;
  #news = () => {};
  /** The range that is read here; its end comes nearer with each reader. */
  own;
  /** Bytes of it that are read, and those that are on their way. */
  read = 0;
  taken = 0;

  /**
   * @param {Blob} source
   * @param {object} args of "inspect"
   * @param {number} expected how many readers are to come
   */
  constructor(source, args, expected) {
    this.#source = source;
    this.#args = args;
    this.#expected = expected;
    this.own = { start: 0, end: source.size };
  }

  /** Bytes that others have read so far. */
  get bytes() {
    return this.#remotes.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Rows that others have read so far. */
  get rows() {
    return this.#remotes.reduce((sum, { rows }) => sum + rows, 0);
  }

  /**
   * A reader is ready: it gets its share, from the end of what is left.
   *
   * @param {MessagePort} port
   */
  add(port) {
    const { end } = this.own;
    const start = Math.max(end - Math.floor((end - this.read) / (this.#expected + 1)), this.taken);
    this.#expected = Math.max(this.#expected - 1, 1);
    if (end - start < LEAST_SHARE) return port.close();
    this.own.end = start;
    const share = { source: this.#source, args: this.#args, start, end };
    this.#remotes.push(new Remote(port, share, (failure) => this.wake(failure)));
  }

  /**
   * Lets whoever waits look again, or fails.
   *
   * @param {unknown} [failure]
   */
  wake(failure) {
    this.#failure ??= failure;
    this.#news();
  }

  /**
   * @throws {RegularsError} that the source is not UTF-8, as any of its readers says
   * @throws {ReadAlone}
   */
  check() {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Merges what the others read, in the order of the file.
   *
   * @param {Engine} engine that has read the range of its own
   * @param {() => void} look called whenever there is news; may throw
   */
  async merge(engine, look) {
    /** @param {() => boolean} ready */
    const until = async (ready) => {
      for (;;) {
        this.check();
        look();
        if (ready()) return;
        await new Promise((news) => (this.#news = () => news(undefined)));
      }
    };
    for (const remote of this.#remotes.toReversed()) {
      await until(() => remote.done);
      remote.next();
      for (;;) {
        await until(() => remote.piece !== undefined);
        const { piece } = remote;
        if (!piece) break;
        // The next one is made while this one is merged.
        remote.next();
        mergeOne(engine, piece);
      }
    }
  }

  close() {
    for (const remote of this.#remotes) remote.close();
  }
}

/**
 * A part that began within a quoted field, as only the one before it shows, does not fit.
 *
 * @param {Engine} engine
 * @param {Uint8Array} piece
 */
function mergeOne(engine, piece) {
  try {
    engine.merge(piece);
  } catch (thrown) {
    const error = spoken(thrown);
    throw error && error.code !== "not-utf-8" ? new ReadAlone() : thrown;
  }
}

/** A reader of another worker, seen from where its share is merged. */
class Remote {
  #port;
  bytes = 0;
  rows = 0;
  done = false;
  /** @type {Uint8Array | null | undefined} null after the last, undefined until it comes */
  piece;

  /**
   * @param {MessagePort} port
   * @param {Share} share
   * @param {(failure?: unknown) => void} news
   */
  constructor(port, share, news) {
    this.#port = port;
    port.onmessage = (/** @type {MessageEvent<FromReader>} */ { data: said }) => {
      if (said.kind === "read") Object.assign(this, { bytes: said.bytes, rows: said.rows, done: said.done });
      else if (said.kind === "piece") this.piece = said.piece;
      // Where the table lies in the file only one who reads all of it can say.
      else if (said.code === "not-utf-8") return news(new RegularsError(said.code, said.params));
      else return news(new ReadAlone());
      news();
    };
    this.#say({ kind: "read", share });
  }

  /** Asks for the next piece. */
  next() {
    this.piece = undefined;
    this.#say({ kind: "next" });
  }

  close() {
    this.#say({ kind: "stop" });
    this.#port.close();
  }

  /** @param {ToReader} message */
  #say(message) {
    this.#port.postMessage(message);
  }
}

/**
 * The reader's side: reads a share, and hands over what came of it.
 *
 * @param {Engine} engine that does nothing else
 * @param {MessagePort} port to where it is merged
 */
export function serveShare(engine, port) {
  let stopped = false;
  /** @type {(answer: FromReader, transfer?: Transferable[]) => void} */
  const say = (answer, transfer = []) => port.postMessage(answer, transfer);
  /** @param {Share} share */
  const read = async ({ source, args, start, end }) => {
    engine.start("inspect", { ...args, part: true });
    engine.push(new Uint8Array(await source.slice(0, PUSH).arrayBuffer()));
    const pace = new Pace(PUSH / 4, PUSH);
    let done = 0;
    const report = (/** @type {boolean} */ over) => say({ kind: "read", bytes: done, rows: engine.progress()[2] ?? 0, done: over });
    for await (const bytes of pieces(source, { start, end })) {
      for (let at = 0; at < bytes.length; ) {
        const part = bytes.subarray(at, at + Math.max(pace.size, 4096));
        pace.step(() => engine.push(part));
        at += part.length;
        done += part.length;
        if (pace.due()) report(false);
        await pace.rest();
        if (stopped) return;
      }
    }
    report(true);
  };
  port.onmessage = async (/** @type {MessageEvent<ToReader>} */ { data: asked }) => {
    try {
      if (asked.kind === "stop") stopped = true;
      else if (asked.kind === "read") await read(asked.share);
      else {
        const piece = engine.piece() ?? null;
        say({ kind: "piece", piece }, piece ? [/** @type {ArrayBuffer} */ (piece.buffer)] : []);
      }
    } catch (thrown) {
      const error = spoken(thrown);
      say({ kind: "failed", code: error?.code ?? "engine-failed", params: error?.params ?? {} });
    }
  };
}
