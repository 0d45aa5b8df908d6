/** File: the ledger in full, the columns, settings saved and loaded, forgetting. */

import { html, nothing } from "lit";
import { ledgerSentence, ledgerTable } from "./ledger.js";
import { method, opening } from "./parts.js";

/** @param {import("./parts.js").Context} context */
export function fileView(context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const { ledger, found, file } = state;
  if (!ledger) return nothing;
  const settings = (/** @type {Event & { currentTarget: HTMLInputElement }} */ event) => {
    const chosen = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    if (chosen) actions.loadSettings(chosen);
  };
  return html`${opening(t("view.file"), t("file.finding", { n: ledger.rowsRead, count: format.count(ledger.rowsRead) }), ledgerSentence(ledger, context))}
    <div class="head-line">
      <h2>${t("file.ledger")}</h2>
      <span class="buttons"><button type="button" class="plain" @click=${actions.exportLedger}>${t("export.csv")}</button></span>
    </div>
    ${ledgerTable(ledger, context)}
    ${found
      ? html`<section>
          <div class="head-line">
            <h2>${t("file.columns")}</h2>
            <span class="buttons"><button type="button" class="plain" @click=${actions.changeColumns}>${t("file.change")}</button></span>
          </div>
          <p class="sub">
            ${t("file.how", { name: file?.name ?? "", size: format.bytes(found.bytes), encoding: found.encoding.toUpperCase(), delimiter: words.has(`delimiter.${found.delimiter}`) ? t(`delimiter.${found.delimiter}`) : found.delimiter })}
          </p>
          <dl class="mapping">
            ${found.columns.map((column) => {
              const role = state.roles[column.index];
              return role ? html`<div><dt>${column.name}</dt><dd>${t(`role.${role}`)}</dd></div>` : nothing;
            })}
          </dl>
        </section>`
      : nothing}
    <section class="page-only">
      <h2>${t("file.settings")}</h2>
      <p class="sub">${t("file.settingsSub")} ${actions.canRemember() ? t("file.rememberSub") : nothing}</p>
      <p class="buttons">
        <button type="button" class="plain" @click=${actions.saveSettings}>${t("file.save")}</button>
        ${actions.canRemember()
          ? html`<button type="button" class="plain" ?disabled=${state.remembers} @click=${actions.remember}>${t("file.remember")}</button>`
          : nothing}
        <label class="plain button-label">${t("file.load")}<input type="file" accept="application/json,.json" @change=${settings} /></label>
      </p>
    </section>
    <section class="page-only">
      <h2>${t("file.other")}</h2>
      <p class="sub">${t("file.forgetSub")}</p>
      <p class="buttons">
        <button type="button" class="plain" @click=${actions.newFile}>${t("file.new")}</button>
        <button type="button" class="plain" @click=${actions.forget}>${t("file.forget")}</button>
      </p>
    </section>
    ${method(context, "file")}`;
}
