/** An engine without arithmetic, for the tests of what stands around the engine. */

import { Catalogue } from "../../pkg/messages.js";
import * as english from "../../pkg/messages/en.js";
import { inlineHost, serve } from "../../pkg/hosts.js";
import { RegularsError } from "../../pkg/errors.js";
import { Workspace } from "../../pkg/workspace.js";

/**
 * Obeys the contract of the engine. What an analysis does, its options say:
 * `units` of work, `forever`, `fail` with a code, `trap`, `say` a message.
 */
export class FakeEngine {
  /** @type {Map<number, string>} */
  readings = new Map();
  /** @type {number[] | null} */
  loaded = null;
  /** @type {string[]} every call that was started */
  log = [];
  /** @type {(units: number) => void} what a unit of work costs */
  work = () => {};
  cancelled = 0;
  /** @type {{ call: string, args: any, text: string, open: boolean, left: number, units: number, head?: boolean } | null} */
  #task = null;
  #nextId = 100;

  /** @param {string} call @param {any} args */
  start(call, args) {
    if (this.#task) throw new Error("a task is running");
    this.log.push(call);
    if (call === "load") {
      for (const id of args.found) {
        if (!this.readings.has(id)) throw { code: "unknown-found", params: {} };
      }
      if (args.settings.keep && !this.readings.get(args.found[0])?.includes("keep")) {
        throw { code: "column-not-kept", params: { file: 1, index: 7, column: "x" } };
      }
      if (args.settings.ask && !args.answers.order) {
        const questions = [{ id: "order", code: "which-order", params: {}, choices: [] }];
        throw { code: "needs-answers", params: {}, questions };
      }
    }
    const units = args.settings?.[call]?.units ?? 1;
    this.#task = { call, args, text: "", open: call === "inspect", left: units, units };
  }

  /** @param {Uint8Array} bytes */
  push(bytes) {
    if (!this.#task?.open) throw new Error("no input is expected");
    if (bytes.length > 1 << 20) throw new Error("too much at once");
    this.work(bytes.length);
    const { args, head } = this.#task;
    this.#task.head = true;
    // The beginning of the file only says how its parts are read.
    if (args.part && !head) return;
    const text = new TextDecoder("latin1").decode(bytes);
    if (text.includes("\xFF")) throw { code: "not-utf-8", params: { encoding: "unknown" } };
    if (text.includes("\x01")) throw { code: "line-too-long", params: { row: 7, bytes: 1 } };
    if (text.includes("\x02") && args.part) throw new WebAssembly.RuntimeError("unreachable");
    this.#task.text += text;
  }

  piece() {
    const task = this.#task;
    if (!task) throw new Error("nothing was read");
    const text = task.text.slice(0, 3 << 20);
    task.text = task.text.slice(text.length);
    if (text === "") this.#task = null;
    return text === "" ? undefined : new Uint8Array(Buffer.from(text, "latin1"));
  }

  /** @param {Uint8Array} piece */
  merge(piece) {
    if (!this.#task?.open) throw new Error("no input is expected");
    const text = new TextDecoder("latin1").decode(piece);
    if (text.includes("\x03")) throw { code: "engine-failed", params: {} };
    this.#task.text += text;
  }

  endInput() {
    if (!this.#task) throw new Error("nothing runs");
    this.#task.open = false;
  }

  /** @param {number} budget */
  advance(budget) {
    const task = this.#task;
    if (!task || task.open) throw new Error("nothing to advance");
    const options = task.args.settings?.[task.call];
    if (options?.trap) throw new WebAssembly.RuntimeError("unreachable");
    if (options?.fail) throw { code: options.fail, params: { row: 1234 } };
    const done = Math.min(budget, task.left);
    this.work(done);
    task.left -= done;
    if (task.left > 0 || options?.forever) return undefined;
    this.#task = null;
    return { result: this.#result(task) };
  }

  /** @param {{ call: string, args: any, text: string }} task */
  #result({ call, args, text }) {
    if (call === "inspect") {
      const id = this.#nextId++;
      this.readings.set(id, `${text} ${JSON.stringify(args)}`);
      return { id, columns: [], questions: [], notices: [], bytes: text.length };
    }
    if (call === "load") {
      this.loaded = args.found;
      return { lastDate: "2011-12-09", currency: "GBP", notices: [], found: args.found };
    }
    if (call === "forget") {
      this.readings.delete(args.found);
      return {};
    }
    if (call === "settings") return { mapping: [] };
    if (call === "exportCsv") return new TextEncoder().encode("a,b\r\n");
    if (!this.loaded) throw { code: "nothing-loaded", params: {} };
    const say = args.settings?.[call]?.say;
    const notices = say ? [say] : [];
    return { call, args, notices, of: this.loaded.map((id) => this.readings.get(id)) };
  }

  progress() {
    const task = this.#task;
    return Float64Array.of(2, task ? task.units - task.left : 0, task?.units ?? 0);
  }

  cancel() {
    this.cancelled += 1;
    this.#task = null;
  }

  memory() {
    return 0;
  }
}

/**
 * A Worker of this thread: messages are cloned and moved as between threads.
 *
 * @param {() => FakeEngine} makeEngine
 */
export function fakeWorker(makeEngine) {
  const { port1, port2 } = new MessageChannel();
  const scope = {
    onmessage: /** @type {any} */ (null),
    postMessage: (/** @type {any} */ message, /** @type {any} */ transfer) => port2.postMessage(message, transfer),
  };
  serve(scope, () => ({ engine: makeEngine(), memoryBytes: () => 0, discard: () => {} }));
  port2.onmessage = (event) => scope.onmessage(event);
  const worker = {
    onmessage: /** @type {any} */ (null),
    onerror: /** @type {any} */ (null),
    onmessageerror: /** @type {any} */ (null),
    postMessage: (/** @type {any} */ message, /** @type {any} */ transfer = []) => port1.postMessage(message, transfer),
    ended: false,
    terminate() {
      worker.ended = true;
      port1.close();
      port2.close();
      // A thread would end here; a call on this one has to be told.
      scope.onmessage({ data: { kind: "cancel" } });
    },
  };
  port1.onmessage = (event) => worker.onmessage(event);
  return worker;
}

/**
 * A workspace on fake engines.
 *
 * @param {(engine: FakeEngine) => void} [prepare] each new engine
 * @returns {{ ws: Workspace, engines: FakeEngine[] }}
 */
export function fakeWorkspace(prepare = () => {}) {
  /** @type {FakeEngine[]} */
  const engines = [];
  const openHost = () => {
    const engine = new FakeEngine();
    prepare(engine);
    engines.push(engine);
    return inlineHost({ engine, memoryBytes: () => 0, discard: () => {} });
  };
  const ws = new Workspace(async () => openHost(), openHost(), new Catalogue(english), (bytes) => bytes);
  return { ws, engines };
}

/**
 * The error that a promise is rejected with.
 *
 * @param {Promise<unknown>} promise
 * @returns {Promise<RegularsError>}
 */
export async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return /** @type {RegularsError} */ (error);
  }
  throw new Error("it should have failed");
}
