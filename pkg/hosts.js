/** Where the engine lives: in a worker, or on this thread in slices. Both answer alike. */

import { Cancelled, EngineCrash, RegularsError, spoken } from "./errors.js";
import { readersFor, serveShare } from "./readers.js";
import { Runner } from "./runner.js";

/**
 * @typedef {import("./runner.js").Call} Call
 * @typedef {import("./runner.js").Progress} Progress
 * @typedef {import("./extras.js").LoadExtras} LoadExtras
 */

/**
 * One engine that runs one call at a time. After an `EngineCrash` it is of no
 * more use and must be closed.
 *
 * @typedef {object} Host
 * @property {"worker" | "page"} thread
 * @property {(call: Call, report: (progress: Progress) => void) => Promise<any>} run
 * @property {() => void} cancel the running call then ends with `Cancelled`
 * @property {() => void} close
 */

/**
 * @typedef {object} OpenedEngine
 * @property {import("./runner.js").Engine} engine
 * @property {() => number} memoryBytes size of its linear memory, also after a trap
 * @property {() => void} discard says that it trapped
 */

/**
 * The engine on this thread.
 *
 * @param {OpenedEngine} opened
 * @param {LoadExtras} [extras]
 * @returns {Host}
 */
export function inlineHost({ engine, memoryBytes, discard }, extras) {
  const runner = new Runner(engine, memoryBytes, extras);
  let usable = true;
  let closed = false;
  const free = () => {
    if (usable && closed) engine.free?.();
  };
  return {
    thread: "page",
    async run(call, report) {
      try {
        return await runner.run(call, report);
      } catch (thrown) {
        if (thrown instanceof EngineCrash) {
          usable = false;
          discard();
        }
        throw thrown;
      } finally {
        free();
      }
    },
    cancel: () => runner.cancel(),
    close() {
      closed = true;
      runner.cancel();
      if (!runner.running) free();
    },
  };
}

/**
 * What the page says to the worker. `joined`: a further worker is ready to read
 * with it, or was and is lost; `join` says to such a one whom it reads for.
 *
 * @typedef {{ kind: "open", module: WebAssembly.Module }
 *   | { kind: "run", call: Call }
 *   | { kind: "extras", module?: WebAssembly.Module, code?: string, params?: any }
 *   | { kind: "cancel" }
 *   | { kind: "joined", port?: MessagePort }
 *   | { kind: "join", port: MessagePort }} ToWorker
 */

/**
 * What the worker answers.
 *
 * @typedef {{ kind: "ready" }
 *   | { kind: "extras" }
 *   | { kind: "progress", progress: Progress }
 *   | { kind: "done", result: any }
 *   | { kind: "failed", code: string, params: any, questions?: any }
 *   | { kind: "cancelled" }
 *   | { kind: "crashed", code: "engine-failed" | "out-of-memory", reason: string }} FromWorker
 */

/**
 * The engine in a worker. Rejects when the worker can't be started.
 *
 * @param {() => Worker} createWorker
 * @param {WebAssembly.Module} module
 * @param {LoadExtras} [extras] asked for when a file first needs them
 * @param {number} [readers] the most further workers that read a large file
 * @returns {Promise<Host>}
 */
export async function workerHost(createWorker, module, extras, readers) {
  const worker = createWorker();
  /** @type {{ answer: (answer: FromWorker) => void } | null} */
  let pending = null;

  worker.onmessage = (/** @type {MessageEvent<FromWorker>} */ event) => {
    if (event.data.kind === "extras") return hand();
    pending?.answer(event.data);
  };
  const hand = async () => {
    const say = (/** @type {ToWorker} */ message) => worker.postMessage(message);
    try {
      if (!extras) throw new Error("no extras");
      say({ kind: "extras", module: await extras() });
    } catch (thrown) {
      const { code, params } = spoken(thrown) ?? new RegularsError("extras-missing", { reason: String(thrown) });
      say({ kind: "extras", code, params });
    }
  };
  worker.onerror = (event) => {
    event.preventDefault?.();
    const reason = event.message ?? "the worker could not be started";
    pending?.answer({ kind: "crashed", code: "engine-failed", reason });
  };
  worker.onmessageerror = () => {
    pending?.answer({ kind: "crashed", code: "engine-failed", reason: "unreadable message" });
  };

  /**
   * @param {ToWorker} message
   * @param {(progress: Progress) => void} report
   * @returns {Promise<any>}
   */
  const ask = (message, report) =>
    new Promise((resolve, reject) => {
      pending = {
        answer(answer) {
          if (answer.kind === "progress") return report(answer.progress);
          pending = null;
          if (answer.kind === "ready") resolve(undefined);
          else if (answer.kind === "done") resolve(answer.result);
          else if (answer.kind === "failed") {
            const error = new RegularsError(answer.code, answer.params);
            reject(Object.assign(error, { questions: answer.questions }));
          } else if (answer.kind === "cancelled") reject(new Cancelled());
          else if (answer.kind === "crashed") reject(new EngineCrash(answer.code, answer.reason));
        },
      };
      worker.postMessage(message);
    });

  try {
    await ask({ kind: "open", module }, () => {});
  } catch (error) {
    worker.terminate();
    throw error;
  }
  /** @type {Worker[]} those that read with it */
  let hired = [];
  const dismiss = () => {
    for (const reader of hired) reader.terminate();
    hired = [];
  };
  return {
    thread: "worker",
    async run(call, report) {
      const wanted = readersFor(call, readers);
      const done = ask({ kind: "run", call: { ...call, readers: wanted } }, report);
      for (let i = 0; i < wanted; i += 1) {
        const reader = hire(createWorker, module, (message, moved) => worker.postMessage(message, moved));
        if (reader) hired.push(reader);
      }
      try {
        return await done;
      } finally {
        dismiss();
      }
    },
    cancel: () => worker.postMessage(/** @type {ToWorker} */ ({ kind: "cancel" })),
    close: () => {
      dismiss();
      worker.terminate();
      pending?.answer({ kind: "cancelled" });
    },
  };
}

/**
 * Starts a worker that reads with another one, and brings them together.
 *
 * @param {() => Worker} createWorker
 * @param {WebAssembly.Module} module
 * @param {(message: ToWorker, moved: Transferable[]) => void} tell the other one
 * @returns {Worker | null} null where it is refused
 */
function hire(createWorker, module, tell) {
  let ready = false;
  try {
    const reader = createWorker();
    reader.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data: said }) => {
      if (said.kind !== "ready") return;
      ready = true;
      const { port1, port2 } = new MessageChannel();
      reader.postMessage(/** @type {ToWorker} */ ({ kind: "join", port: port1 }), [port1]);
      tell({ kind: "joined", port: port2 }, [port2]);
    };
    reader.onerror = (event) => {
      event.preventDefault?.();
      if (ready) tell({ kind: "joined" }, []);
    };
    reader.postMessage(/** @type {ToWorker} */ ({ kind: "open", module }));
    return reader;
  } catch {
    return null;
  }
}

/**
 * The worker's side of the conversation.
 *
 * @param {{ postMessage(message: any, transfer: Transferable[]): void,
 *   onmessage: ((event: MessageEvent<ToWorker>) => any) | null }} scope the worker's global
 * @param {(module: WebAssembly.Module) => OpenedEngine} openEngine
 */
export function serve(scope, openEngine) {
  /** @type {Runner | null} */
  let runner = null;
  /** @type {import("./runner.js").Engine | null} */
  let own = null;
  /** @type {{ resolve: (module: WebAssembly.Module) => void, reject: (error: unknown) => void } | null} */
  let wanted = null;
  /** @type {LoadExtras} */
  const extras = () =>
    new Promise((resolve, reject) => {
      wanted = { resolve, reject };
      say({ kind: "extras" });
    });
  /** @type {(answer: FromWorker, transfer?: Transferable[]) => void} */
  const say = (answer, transfer = []) => scope.postMessage(answer, transfer);
  /** @param {unknown} thrown */
  const fail = (thrown) => {
    if (thrown instanceof Cancelled) return say({ kind: "cancelled" });
    const error = spoken(thrown);
    if (error) {
      const { code, params, questions } = error;
      return say({ kind: "failed", code, params, questions });
    }
    const code = thrown instanceof EngineCrash ? thrown.code : "engine-failed";
    say({ kind: "crashed", code, reason: String(thrown) });
  };

  scope.onmessage = async ({ data: message }) => {
    try {
      if (message.kind === "open") {
        const { engine, memoryBytes } = openEngine(message.module);
        own = engine;
        runner = new Runner(engine, memoryBytes, extras);
        say({ kind: "ready" });
      } else if (message.kind === "join") {
        if (own) serveShare(own, message.port);
      } else if (message.kind === "joined") {
        runner?.joined(message.port);
      } else if (message.kind === "extras") {
        if (message.module) wanted?.resolve(message.module);
        else wanted?.reject(new RegularsError(message.code ?? "extras-missing", message.params));
      } else if (message.kind === "cancel") {
        runner?.cancel();
      } else {
        if (!runner) throw new Error("the engine is not open");
        const report = (/** @type {Progress} */ progress) => say({ kind: "progress", progress });
        const result = await runner.run(message.call, report);
        say({ kind: "done", result }, buffers(result));
      }
    } catch (thrown) {
      fail(thrown);
    }
  };
}

/**
 * The buffers of all typed arrays in a plain result, to be moved and not copied.
 *
 * @param {unknown} value
 * @param {Set<ArrayBuffer>} [found]
 * @returns {ArrayBuffer[]}
 */
export function buffers(value, found = new Set()) {
  if (ArrayBuffer.isView(value)) found.add(/** @type {ArrayBuffer} */ (value.buffer));
  else if (Array.isArray(value)) {
    // Long arrays hold figures or texts; those of objects are short.
    if (typeof value[0] === "object") for (const item of value) buffers(item, found);
  } else if (typeof value === "object" && value !== null) {
    for (const item of Object.values(value)) buffers(item, found);
  }
  return [...found];
}
