/** The page around the views: bar on top, list of views, selection at the foot, messages, keys. */

import { html, nothing } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { CURRENCIES } from "../format.js";
import { LANGUAGES } from "../languages.js";
import { everybody, shownWhere } from "../state.js";
import { answersView } from "./answers.js";
import { basketsView } from "./baskets.js";
import { churnView } from "./churn.js";
import { cohortsView } from "./cohorts.js";
import { customerView } from "./customer.js";
import { customersView } from "./customers.js";
import { dropView } from "./drop.js";
import { fileView } from "./file.js";
import { forecastView } from "./forecast.js";
import { healthView } from "./health.js";
import { keysDialog } from "./keys.js";
import { labelledView } from "./labelled.js";
import { proofView } from "./proof.js";
import { readingView } from "./reading.js";
import { reportView } from "./report.js";
import { segmentsView } from "./segments.js";
import { consentNote } from "./segments/parts.js";
import { timeView } from "./time.js";
import { understoodView } from "./understood.js";
import { valueView } from "./value.js";
import { winbackView } from "./winback.js";

/** @import { State, ViewId } from "../state.js" */
/** @typedef {import("./parts.js").Context} Context */

/** @type {ViewId[]} */
export const VIEWS = ["answers", "segments", "value", "churn", "winback", "health", "time", "cohorts", "baskets", "forecast", "customers", "file"];

/** @type {Record<ViewId, (context: Context) => unknown>} */
const DRAW = {
  answers: answersView,
  segments: segmentsView,
  value: valueView,
  churn: churnView,
  health: healthView,
  winback: winbackView,
  time: timeView,
  cohorts: cohortsView,
  baskets: basketsView,
  forecast: forecastView,
  customers: customersView,
  customer: customerView,
  file: fileView,
  report: (context) => reportView(context, VIEWS.filter((view) => view !== "customers").map((view) => [view, DRAW[view]])),
  proof: proofView,
};

/**
 * @param {Context} context
 * @param {boolean} [empty]  the frame alone
 */
export function shell(context, empty = false) {
  const { state, words, actions } = context;
  const ready = state.phase === "ready";
  // Another frame for another phase: nothing of the old one moves.
  const frame = html`
    <a class="skip" href="#main">${words.t("skip")}</a>
    ${topBar(context)}
    <div class=${ready ? "body with-views" : "body"}>
      ${ready ? viewList(context) : nothing}
      <main id="main" tabindex="-1">
        ${state.problem
          ? html`<div class="problem" role="alert">
              <p>${state.problem}</p>
              <button type="button" class="quiet" @click=${actions.dismiss}>${words.t("dismiss")}</button>
            </div>`
          : nothing}
        ${empty ? nothing : content(context)}
      </main>
    </div>
    ${ready ? selectionBar(context) : nothing} ${keysDialog(context)}
  `;
  return html`${keyed(ready, frame)}
    <div class="unseen" role="status" aria-live="polite">${state.status}</div>`;
}

/** @param {Context} context */
function content(context) {
  const { state } = context;
  if (state.view === "proof") return proofView(context);
  if (state.phase === "drop") return dropView(context);
  if (state.phase === "reading" || state.phase === "loading") return readingView(context);
  if (state.phase === "understood") return understoodView(context);
  if (state.phase === "labelled") return html`<article class="view" data-view="labelled">${labelledView(context)}</article>`;
  return html`<article class="view" data-view=${state.view}>${DRAW[state.view](context)}</article>`;
}

/** @param {Context} context */
function topBar(context) {
  const { state, words, actions } = context;
  const { t } = words;
  const ready = state.phase === "ready";
  return html`<header class="bar">
    <button type="button" class="brand" @click=${() => actions.show("answers")}>${t("brand")}</button>
    ${ready && state.file
      ? html`<button type="button" class="file-name" title=${t("bar.file")} @click=${() => actions.show("file")}>${state.file.name}</button>`
      : html`<span></span>`}
    <div class=${!ready ? "settings" : state.settingsOpen ? "settings open" : "settings folded"} id="settings">
    ${ready && state.ledger && state.ledger.kind !== "baskets"
      ? html`${state.ledger.lastDate
            ? html`<label class="setting"
                ><span>${t("bar.asOf")}</span>
                <input
                  type="date"
                  .value=${state.asOf}
                  min=${(state.ledger.kind === "customers" ? state.ledger.lastDate : state.ledger.firstDate) ?? nothing}
                  @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => actions.setAsOf(e.currentTarget.value)}
              /></label>`
            : nothing}
          <label class="setting"
            ><span>${t("bar.currency")}</span>
            <select @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => actions.setCurrency(e.currentTarget.value)}>
              <option value="" ?selected=${state.currency === ""}>${t("bar.noCurrency")}</option>
              ${[...new Set([state.currency, ...CURRENCIES])].filter(Boolean).map(
                (code) => html`<option value=${code} ?selected=${state.currency === code}>${code}</option>`,
              )}
            </select></label>
          ${state.ledger.kind === "customers"
            ? nothing
            : html`<label class="setting"
                ><span>${t("bar.window")}</span>
                <input
                  type="number"
                  min="1"
                  max="3650"
                  placeholder=${state.results.churn.value?.windowDays ?? ""}
                  .value=${String(state.options.churn.windowDays ?? "")}
                  title=${t("bar.windowHint")}
                  @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => setWindow(e.currentTarget, actions)} /><span>${t("unit.days")}</span></label>`}
          ${state.ledger.kind === "customers" ? nothing : zoneSetting(state.ledger, state, words, actions)}`
      : nothing}
    <label class="setting language"
      ><span>${t("bar.language")}</span>
      <select @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => actions.setLanguage(e.currentTarget.value)}>
        ${LANGUAGES.map(({ language, name }) => html`<option value=${language} lang=${language} ?selected=${state.language === language}>${name}</option>`)}
      </select></label>
    <label class="setting theme"
      ><span>${t("bar.theme")}</span>
      <select @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => actions.setTheme(/** @type {State["theme"]} */ (e.currentTarget.value))}>
        ${["auto", "light", "dark"].map((theme) => html`<option value=${theme} ?selected=${state.theme === theme}>${t(`theme.${theme}`)}</option>`)}
      </select></label>
    </div>
    ${ready
      ? html`<button type="button" class="plain narrow-only" aria-expanded=${state.settingsOpen} aria-controls="settings" @click=${actions.toggleSettings}>${t("bar.settings")}</button>
          <details class="menu exports">
          <summary>${t("bar.export")}</summary>
          <div class="menu-list">
            <button type="button" @click=${actions.exportShown}>${t("export.customers")}</button>
            ${consentNote(context, "shown", shownWhere(state))}
            <button type="button" @click=${actions.exportPlan}>${t("export.plan")}</button>
            <button type="button" @click=${actions.exportSegments}>${t("export.segments")}</button>
            <button type="button" @click=${actions.exportLedger}>${t("export.ledger")}</button>
            <button type="button" @click=${() => actions.show("report")}>${t("export.report")}</button>
            <button type="button" @click=${actions.saveSettings}>${t("file.save")}</button>
          </div>
        </details>`
      : html`<button type="button" class="quiet" @click=${() => actions.show("proof")}>${t("proof.link")}</button>`}
  </header>`;
}

/** Whether somebody has come near the list of zones, which is long. */
let zonesWanted = false;

/**
 * Whose midnight parts the days. Where times say no zone, the days are as written and nothing can be chosen.
 * @param {import("../../pkg/types.d.ts").Ledger} ledger
 * @param {State} state
 * @param {Context["words"]} words
 * @param {Context["actions"]} actions
 */
function zoneSetting({ zoned }, { zone }, { t }, actions) {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = zoned ? [...new Set([zone, own, "UTC", ...(zonesWanted ? (Intl.supportedValuesOf?.("timeZone") ?? []) : [])])].filter(Boolean) : [];
  const list = () => {
    if (zonesWanted) return;
    zonesWanted = true;
    actions.redraw();
  };
  return html`<label class="setting zone" title=${t(zoned ? "bar.zoneHint" : "bar.zoneNone")}
    ><span>${t("bar.zone")}</span>
    <select ?disabled=${!zoned} @pointerenter=${list} @focus=${list} @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => actions.setZone(e.currentTarget.value)}>
      <option value="" ?selected=${zone === ""}>${t("bar.zoneWritten")}</option>
      ${zones.map((name) => html`<option value=${name} ?selected=${zone === name}>${name.replaceAll("_", " ")}</option>`)}
    </select></label>`;
}

/**
 * The window of churn; an empty field is the one proposed from the data.
 * @param {HTMLInputElement} input
 * @param {Context["actions"]} actions
 */
function setWindow(input, actions) {
  if (!input.reportValidity()) return;
  actions.setOption("churn", { windowDays: input.value === "" ? undefined : Number(input.value) });
}

/** @param {Context} context */
function viewList({ state, words, actions }) {
  const { t } = words;
  const now = state.view === "customer" ? "customers" : state.view;
  const links = VIEWS.map(
    (view, i) =>
      html`<li>
        <a href="#${view}" aria-current=${now === view ? "page" : nothing} @click=${(/** @type {Event} */ e) => (e.preventDefault(), actions.show(view))}
          >${t(`view.${view}`)}${i < 9 ? html`<kbd>${i + 1}</kbd>` : nothing}</a
        >
      </li>`,
  );
  return html`<nav class="views" aria-label=${t("views")}>
    <ol>
      ${links}
    </ol>
    <details class="menu narrow-only">
      <summary>${t(`view.${now}`)}</summary>
      <div class="menu-list">
        ${[...VIEWS, /** @type {const} */ ("proof")].map(
          (view) =>
            html`<a href="#${view}" aria-current=${now === view ? "page" : nothing} @click=${(/** @type {Event} */ e) => (e.preventDefault(), actions.show(view))}>${t(`view.${view}`)}</a>`,
        )}
      </div>
    </details>
    <div class="nav-foot">
      <a href="#proof" @click=${(/** @type {Event} */ e) => (e.preventDefault(), actions.show("proof"))}>${t("proof.link")}</a>
      <button type="button" class="quiet" @click=${actions.showKeys}>${t("keys.open")}<kbd>?</kbd></button>
    </div>
  </nav>`;
}

/** @param {Context} context */
function selectionBar(context) {
  const { state, words, actions, format } = context;
  const { selection } = state;
  const { t } = words;
  if (!selection) return html`<div class="selection none"></div>`;
  return html`<div class="selection" role="region" aria-label=${t("selection.region")}>
    <p>
      <span class="dot" aria-hidden="true"></span>
      <b>${selection.say()}</b>
      <span class="caption"
        >${selection.total === null
          ? t("selection.counting")
          : t("selection.size", {
              n: selection.total,
              count: format.count(selection.total),
              share: format.share(selection.total / Math.max(everybody(state).customers, 1)),
              money: format.money(selection.revenue),
              moneyShare: format.share((selection.revenue ?? 0) / (everybody(state).revenue || 1)),
              day: format.shortDay(state.asOf),
            })}</span
      >
    </p>
    ${consentNote(context, "selection", selection.where)}
    <span class="buttons">
      <button type="button" class="plain" @click=${() => actions.show("customers")}>${t("selection.see")}</button>
      <button type="button" class="plain" @click=${() => actions.exportCustomers(selection.where, selection.say())}>${t("selection.export")}</button>
      <button type="button" class="plain" @click=${actions.askName}>${t("selection.name")}</button>
      <button type="button" class="plain" @click=${actions.undo}>${t("selection.undo")}<kbd>Esc</kbd></button>
    </span>
  </div>`;
}
