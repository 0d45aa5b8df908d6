/** The dialog that lists the keys, and the one that asks for a name. */

import { html } from "lit";

/** Keys with what they do. */
const KEYS = [
  ["1 – 9", "keys.views"], ["/", "keys.filter"], ["T", "keys.tables"], ["← → ↑ ↓", "keys.marks"], ["E", "keys.export"], ["D", "keys.theme"], ["Esc", "keys.escape"], ["?", "keys.open"],
];

/** @param {import("./parts.js").Context} context */
export function keysDialog({ state, words, actions }) {
  const { t } = words;
  const submit = (/** @type {Event & { currentTarget: HTMLFormElement }} */ event) => {
    const input = event.currentTarget.querySelector("input");
    actions.nameSelection(input?.value ?? "");
    if (input) input.value = "";
  };
  return html`<dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">${t("keys.title")}</h2>
      <dl class="keys">
        ${KEYS.map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${t(what ?? "")}</dd></div>`)}
      </dl>
      <label class="check"><input type="checkbox" .checked=${state.shortcuts} @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => actions.setShortcuts(e.currentTarget.checked)} />${t("keys.switch")}</label>
      <form method="dialog"><button class="plain">${t("keys.close")}</button></form>
    </dialog>
    <dialog id="name" aria-labelledby="name-title">
      <form method="dialog" @submit=${submit}>
        <h2 id="name-title">${t("name.title")}</h2>
        <p class="sub">${t("name.sub")}</p>
        <label class="field"><span class="label">${t("name.label")}</span><span class="input"><input type="text" maxlength="60" required autocomplete="off" /></span></label>
        <p class="buttons"><button class="primary">${t("name.save")}</button></p>
      </form>
    </dialog>`;
}
