/** The report: the chosen views one after another, with their definitions, to be printed, or saved as one file. */

import { html, nothing } from "lit";
import { methodText } from "./parts.js";
import { parameters } from "./value.js";

/** @import { ViewId } from "../state.js" */
/** @typedef {import("./parts.js").Context} Context */

/** What a stranger to the page has to know to read the figures. */
const TERMS = ["customer", "order", "revenue", "asOf", "regulars", "expected", "left"];

/** Views that say how they are computed. @type {ViewId[]} */
const METHODS = ["segments", "value", "churn", "winback", "health", "time", "cohorts", "baskets", "forecast", "file"];

/**
 * @param {Context} context
 * @param {[ViewId, (context: Context) => unknown][]} parts  the file with its ledger is the last of them
 */
export function reportView(context, parts) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const shown = parts.filter(([view]) => !state.leftOut.includes(view));
  return html`<header class="opening">
      <p class="kicker">${t("view.report")}</p>
      <h1 tabindex="-1">${t("report.about", { name: state.file?.name ?? "", day: format.day(state.asOf) })}</h1>
    </header>
    <fieldset class="report-parts">
      <legend class="label">${t("report.choose")}</legend>
      ${parts.map(
        ([view]) =>
          html`<label class="check"
            ><input
              type="checkbox"
              .checked=${!state.leftOut.includes(view)}
              ?disabled=${view === "file"}
              @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => actions.leaveOut(view, !e.currentTarget.checked)}
            />${t(`view.${view}`)}</label
          >`,
      )}
    </fieldset>
    <p class="buttons">
      <button type="button" class="primary" @click=${actions.print}>${t("report.print")}</button>
      <button type="button" class="plain" @click=${actions.saveReport}>${t("report.save")}</button>
      <button type="button" class="plain" @click=${() => actions.show("answers")}>${t("report.back")}</button>
    </p>
    <div class="report">
      ${shown.map(([, draw]) => html`<section class="view">${draw(context)}</section>`)}
      <section class="view methods">
        <h2>${t("report.methods")}</h2>
        ${shown.map(([view]) => (METHODS.includes(view) ? html`<div><h3>${t(`view.${view}`)}</h3>${methodText(words, view, view === "value" && state.results.lifetime.value ? parameters(state.results.lifetime.value, context) : nothing)}</div>` : nothing))}
      </section>
      <section class="view prose terms">
        <h2>${t("report.terms")}</h2>
        <p>${t("report.made", { name: state.file?.name ?? "", day: format.day(state.asOf) })}</p>
        <dl>
          ${TERMS.map((term) => html`<div><dt>${t(`term.${term}`)}</dt><dd>${t(`term.${term}.text`)}</dd></div>`)}
        </dl>
        ${state.selection ? html`<p>${t("report.selection", { words: state.selection.say() })}</p>` : nothing}
      </section>
    </div>`;
}
