/** Small parts that all views share: figures with their denominator, states, option fields, method. */

import { html, nothing } from "lit";
import { picked } from "../picks.js";
import { runningNow, sameWhere } from "../state.js";

/** @import { Message } from "../../pkg/types.d.ts" */
/** @import { Actions } from "../actions.js" */
/** @import { Format } from "../format.js" */
/** @import { AnalysisId, Outcome, State } from "../state.js" */
/** @import { Words } from "../words.js" */

/**
 * What every view is given besides its result.
 * @typedef {object} Context
 * @property {State} state
 * @property {Actions} actions
 * @property {Format} format
 * @property {Words} words
 * @property {(code: string) => string} say  the engine's words, such as those for an offer
 * @property {import("../charts/value.js").Reading} reading  format and words, the same object until one changes
 * @property {(blob: Blob, name: string) => void} save
 */

/**
 * A figure in a sentence, with what it is a share of on hover and focus.
 * @param {string} value
 * @param {string} note
 */
export const figure = (value, note) =>
  html`<span class="figure" tabindex="0"><b>${value}</b><span class="note" role="tooltip">${note}</span></span>`;

/**
 * The parts of a page: kicker, the finding as its title, what it speaks of.
 * @param {string} kicker
 * @param {unknown} finding
 * @param {unknown} standfirst
 */
export const opening = (kicker, finding, standfirst) =>
  html`<header class="opening">
    <p class="kicker">${kicker}</p>
    <h1 tabindex="-1">${finding}</h1>
    ${standfirst ? html`<p class="standfirst">${standfirst}</p>` : nothing}
  </header>`;

/**
 * Whom a row is of. Where the file says who consented, a report that goes from hand to hand names nobody by an address.
 * @param {Pick<Context, "state">} context @param {string} id
 */
export const idShown = ({ state }, id) => (state.view === "report" && state.roles.includes("consent") && /@|^\+/.test(id) ? `${[...id][0]}…` : id);

/** @param {Message[]} messages */
export const notices = (messages) =>
  messages.length > 0
    ? html`<ul class="notices">
        ${messages.map((message) => html`<li>${message.text}</li>`)}
      </ul>`
    : nothing;

/**
 * Progress of something that runs: what, how far, time left, cancel.
 * @param {string} what
 * @param {import("../state.js").Progress | null} progress
 * @param {Context} context
 * @param {() => void} cancel
 */
export const running = (what, progress, { words, format }, cancel) =>
  html`<div class="running">
    <p>${what}</p>
    ${progress && progress.total > 0
      ? html`<progress max="1" value=${progress.done / progress.total} aria-label=${what}></progress>`
      : html`<progress aria-label=${what}></progress>`}
    <p class="caption">
      ${progress && progress.total > 0 ? format.share(progress.done / progress.total) : ""}
      ${progress && Number.isFinite(progress.secondsLeft) && progress.secondsLeft > 1
        ? words.t("progress.left", { time: format.duration(progress.secondsLeft) })
        : ""}
    </p>
    <button type="button" class="plain" @click=${cancel}>${words.t("cancel")}</button>
  </div>`;

/** What has to end before something that waits can begin. @param {Pick<Context, "state" | "words">} context */
export function waitingFor({ state, words }) {
  const now = runningNow(state);
  return now ? words.t("waiting.for", { what: words.t(`computing.${now}`) }) : words.t("waiting.turn");
}

/**
 * A view of an outcome: the result where there is one (pale while a newer one is computed), else why not.
 * @template T
 * @param {AnalysisId} id
 * @param {Outcome<T>} outcome
 * @param {Context} context
 * @param {(result: T) => unknown} draw
 */
export function outcomeView(id, outcome, context, draw) {
  const { words, actions, state } = context;
  const what = words.t(`computing.${id}`);
  const busy = outcome.status === "running" || outcome.status === "waiting";
  if (outcome.value !== null) {
    return html`${busy
        ? html`<div class="again">${running(what, outcome.progress, context, () => actions.cancelAnalysis(id))}</div>`
        : nothing}
      <div class=${busy ? "result stale" : "result"}>${draw(outcome.value)}</div>`;
  }
  if (outcome.status === "unavailable") {
    return html`<div class="why">
      <p class="kicker">${words.t(`view.${VIEW_OF[id]}`)}</p>
      <h1 tabindex="-1">${words.t("unavailable.title")}</h1>
      <ul class="plain-list">
        ${outcome.missing.map((message) => html`<li>${message.text}</li>`)}
      </ul>
      <p>${words.t("unavailable.what")}</p>
      <button type="button" @click=${actions.changeColumns}>${words.t("unavailable.columns")}</button>
    </div>`;
  }
  if (outcome.status === "failed" || outcome.status === "cancelled") {
    return html`<div class="why">
      <p class="kicker">${words.t(`view.${VIEW_OF[id]}`)}</p>
      <h1 tabindex="-1">${words.t(outcome.status === "failed" ? "failed.title" : "cancelled.title")}</h1>
      ${outcome.message ? html`<p>${outcome.message}</p>` : nothing}
      <button type="button" @click=${() => actions.retry(id)}>${words.t("retry")}</button>
    </div>`;
  }
  const queued = outcome.status === "waiting";
  return html`<div class="why">
    <p class="kicker">${words.t(`view.${VIEW_OF[id]}`)}</p>
    <h1 tabindex="-1">${queued ? words.t("waiting.title") : what}</h1>
    ${running(queued ? waitingFor(context) : "", outcome.progress, context, () => actions.cancelAnalysis(id))}
  </div>`;
}

/** @type {Record<AnalysisId, string>} */
const VIEW_OF = { rfm: "segments", lifetime: "value", equity: "value", churn: "churn", winback: "winback", describe: "time", health: "health", retention: "churn", lifecycle: "time", cohorts: "cohorts", basket: "baskets", forecast: "forecast" };

/**
 * A number that the user can set; takes effect when it is left or Enter is pressed.
 * @param {object} field
 * @param {string} field.label
 * @param {string} [field.hint]
 * @param {number | undefined} field.value
 * @param {string} [field.unit]
 * @param {number} field.min
 * @param {number} [field.max]
 * @param {number} [field.step]
 * @param {number} [field.scale]  what is shown for one, such as 100 for a share in percent
 * @param {string} [field.placeholder]
 * @param {(value: number | undefined) => void} field.set
 */
export function numberField({ label, hint = "", value, unit = "", min, max, step = 1, scale = 1, placeholder = "", set }) {
  const shown = value === undefined ? "" : String(Math.round(value * scale * 1e6) / 1e6);
  return html`<label class="field">
    <span class="label">${label}</span>
    <span class="input">
      <input
        type="number"
        inputmode="decimal"
        min=${min}
        max=${max ?? nothing}
        step=${step}
        placeholder=${placeholder || nothing}
        .value=${shown}
        @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ event) => {
          const input = event.currentTarget;
          if (!input.checkValidity()) {
            input.reportValidity();
            return;
          }
          set(input.value === "" ? undefined : Number(input.value) / scale);
        }}
      />
      ${unit ? html`<span class="unit">${unit}</span>` : nothing}
    </span>
    ${hint ? html`<span class="hint">${hint}</span>` : nothing}
  </label>`;
}

/**
 * One of several, chosen from a list.
 * @template {string} Value
 * @param {object} field
 * @param {string} field.label
 * @param {Value} field.value
 * @param {[Value, string][]} field.choices  each with its words
 * @param {(value: Value) => void} field.set
 */
export const choiceField = ({ label, value, choices, set }) =>
  html`<label class="field">
    <span class="label">${label}</span>
    <span class="input">
      <select @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => set(/** @type {Value} */ (e.currentTarget.value))}>
        ${choices.map(([choice, words]) => html`<option value=${choice} ?selected=${choice === value}>${words}</option>`)}
      </select>
    </span>
  </label>`;

/**
 * Figures in a line, each with what it means below.
 * @param {{ value: string, label: unknown, note: string }[]} figures
 */
export const figureLine = (figures) =>
  html`<dl class="figures">
    ${figures.map(
      ({ value, label, note }) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${note ? figure(value, note) : html`<b>${value}</b>`}</dd>
        </div>`,
    )}
  </dl>`;

/** Sentences one after another; between those of Chinese there is no space. @param {(string | false)[]} all */
export const sentences = (...all) => all.filter(Boolean).join(" ").replaceAll("。 ", "。");

/** What can be done on the page and not on paper. @param {unknown} text */
export const onPage = (text) => html`<span class="page-only">${text}</span>`;

/** One plain sentence on a figure, for whoever asks. @param {Words} words @param {string} key */
export const explain = (words, key) =>
  html`<details class="explain"><summary>${words.t("explain")}</summary>${words.t(key)}</details>`;

/**
 * Words of the trade on one place, a plain sentence each, for whoever asks.
 * @param {Words} words @param {string[]} ids
 */
export const terms = (words, ids) =>
  html`<details class="explain"><summary>${words.t("explain.terms")}</summary>
    <dl>
      ${ids.map((id) => html`<div><dt>${words.t(`say.${id}`)}</dt><dd>${words.t(`say.${id}.text`)}</dd></div>`)}
    </dl>
  </details>`;

/**
 * The pages of a long view; the report has them one after another.
 * @param {Context} context
 * @param {"value" | "churn"} view
 * @param {[string, () => unknown][]} pages  the first one is shown at first
 */
export function pagesOf({ state, words, actions }, view, pages) {
  if (state.view === "report") return pages.map(([, draw]) => draw());
  const shown = pages.find(([id]) => id === state.pages[view]) ?? pages[0];
  return html`<div class="tabs" role="group" aria-label=${words.t(`view.${view}`)}>
      ${pages.map(
        ([id]) =>
          html`<button type="button" class="quiet" aria-pressed=${id === shown?.[0]} @click=${() => actions.setPage(view, id)}>${words.t(`page.${view}.${id}`)}</button>`,
      )}
    </div>
    ${shown?.[1]()}`;
}

/**
 * How the parts of a picture are picked; `name` says in words whom a key stands for.
 * @param {Context} context @param {(key: string) => string} name
 */
export const picking = ({ state, actions }, name) => ({ chosen: picked(state).chosen, pick: (/** @type {string} */ key) => actions.pick(key, () => name(key)) });

/** A part of the bars of the life cycle in words. @param {string} key @param {"lifecycle" | "time.lifecycle"} group @param {Pick<Context, "words" | "format">} reading */
export function lifeWords(key, group, { words, format }) {
  const [kind, period = ""] = key.split("/");
  const when = /^\d{4}-\d{2}$/.test(period) ? format.month(period) : period;
  return kind === "new" ? words.t("selection.newIn", { month: when }) : words.t("selection.at", { when, what: words.t(`${group}.${kind}`) });
}

/** Whether these customers are the selection. @param {Pick<Context, "state">} context @param {import("../../pkg/types.d.ts").Where} where */
export const isChosen = ({ state }, where) => state.selection !== null && sameWhere(state.selection.where, where);

/** A name by which customers are picked. @param {Context} context @param {import("../../pkg/types.d.ts").Where} where @param {() => string} name @param {() => string} [say]  as a selection */
export const pickLine = (context, where, name, say = name) =>
  html`<button type="button" class="row-pick" aria-pressed=${isChosen(context, where)} @click=${() => context.actions.choose(where, say)}>${name()}</button>`;

/**
 * A cell that is picked, one of many that arrows lead through: see `roam.js`.
 * @param {string} text @param {string} says  whom it stands for @param {boolean} chosen @param {() => void} press @param {"cell-pick" | "row-pick"} [kind]
 */
export const cellPick = (text, says, chosen, press, kind = "cell-pick") =>
  html`<button type="button" class=${kind} tabindex="-1" aria-pressed=${chosen} aria-label="${text}. ${says}" title=${says} @click=${press}>${text}</button>`;

/** How many of a row are of the selection. @param {Context} context @param {string} key of the row */
export const partOf = ({ state, format, words }, key) => {
  const part = state.parts[key];
  return part && part.total > 0 ? html` <span class="part" title=${words.t("selection.region")}>${format.count(part.total)}</span>` : nothing;
};

/** Long tables are cut in the report, which says so. @template T @param {Context} context @param {T[]} rows @param {number} [most] */
export const cut = ({ state }, rows, most = 12) => (state.view === "report" ? rows.slice(0, most) : rows);

/** @param {Context} context @param {number} all @param {number} [most] */
export const cutNote = ({ state, words, format }, all, most = 12) =>
  state.view === "report" && all > most ? html`<p class="caption">${words.t("report.cut", { shown: format.count(most), all: format.count(all) })}</p>` : nothing;

/**
 * "How this is computed": paragraphs by key, then parameters and sources.
 * @param {Context} context
 * @param {string} view
 * @param {unknown} [more]
 */
export const method = ({ words, state }, view, more = nothing) =>
  // In the report the methods stand together on the last page.
  state.view === "report" ? nothing : html`<details class="method">
    <summary><h2>${words.t("method.title")}</h2></summary>
    ${methodText(words, view, more)}
  </details>`;

/** @param {Words} words @param {string} view @param {unknown} [more] */
export const methodText = (words, view, more = nothing) => html`<div class="prose">
      ${["definition", "formula", "caveat", "change", "source"].map((part) =>
        words.has(`method.${view}.${part}`)
          ? html`<h3>${words.t(`method.${part}`)}</h3>
              <p>${words.t(`method.${view}.${part}`)}</p>`
          : nothing,
      )}
      ${more}
    </div>`;

/**
 * The properties that every `<chart-figure>` of a view takes from the context.
 * @param {Context} context
 */
export const chartProps = ({ words, state, save }) => ({ words, showTable: state.showTables, save });

/** A segment's name with its colour. @param {Words} words @param {string} id @param {string} family */
export const segmentName = (words, id, family) =>
  html`<i class="swatch" style="background:var(--${family})"></i>${words.has(`segment.${id}`) ? words.t(`segment.${id}`) : id}`;
