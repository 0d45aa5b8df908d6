/** Before a file: one sentence of what it does, one of privacy, the drop zone, the sample shop. */

import { html, nothing } from "lit";

/** @param {import("./parts.js").Context} context */
export function dropView({ words, actions, state }) {
  const { t } = words;
  const pick = (/** @type {Event & { currentTarget: HTMLInputElement }} */ event) => {
    const files = [...(event.currentTarget.files ?? [])];
    event.currentTarget.value = "";
    if (files.length > 0) actions.open(files);
  };
  const over = (/** @type {DragEvent} */ event, /** @type {boolean} */ inside) => {
    event.preventDefault();
    /** @type {HTMLElement} */ (event.currentTarget).classList.toggle("over", inside);
  };
  return html`<section class="drop-page">
    <h1 tabindex="-1">${t("drop.what")}</h1>
    <p class="standfirst">
      ${t("drop.privacy")}
      <a href="#proof" @click=${(/** @type {Event} */ e) => (e.preventDefault(), actions.show("proof"))}>${t("proof.link")}</a>
    </p>
    <label
      class="drop-zone"
      @dragover=${(/** @type {DragEvent} */ e) => over(e, true)}
      @dragleave=${(/** @type {DragEvent} */ e) => over(e, false)}
      @drop=${(/** @type {DragEvent} */ e) => over(e, false)}
    >
      <input type="file" multiple accept=".csv,.tsv,.tab,.txt,.xlsx,.zip,.json,text/csv,text/plain" @change=${pick} />
      <span class="drop-words">${t("drop.here")}</span>
      <span class="caption">${t("drop.how")}</span>
    </label>
    <p class="drop-foot">
      <button type="button" class="plain" @click=${actions.openSample}>${t("drop.sample")}</button>
      ${state.ledger
        ? html`<button type="button" class="quiet" @click=${actions.backToAnswers}>${t("drop.back")}</button>`
        : html`<span class="caption">${t("drop.sampleNote")}</span>`}
    </p>
    ${state.status ? html`<p class="caption">${state.status}</p>` : nothing}
  </section>`;
}
