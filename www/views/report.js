/** The report: all views one after another, with their definitions, to be printed or saved as PDF. */

import { html } from "lit";
import { answersView } from "./answers.js";
import { churnView } from "./churn.js";
import { fileView } from "./file.js";
import { segmentsView } from "./segments.js";
import { timeView } from "./time.js";
import { valueView } from "./value.js";
import { winbackView } from "./winback.js";

/** The ledger and the method of reading stand on the last page. */
const PARTS = [answersView, segmentsView, valueView, churnView, winbackView, timeView, fileView];

/** @param {import("./parts.js").Context} context */
export function reportView(context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  return html`<header class="opening">
      <p class="kicker">${t("view.report")}</p>
      <h1 tabindex="-1">${t("report.about", { name: state.file?.name ?? "", day: format.day(state.asOf) })}</h1>
      <p class="buttons">
        <button type="button" class="primary" @click=${actions.print}>${t("report.print")}</button>
        <button type="button" class="plain" @click=${() => actions.show("answers")}>${t("report.back")}</button>
      </p>
    </header>
    <div class="report">${PARTS.map((draw) => html`<section class="view">${draw(context)}</section>`)}</div>`;
}
