/** "Prove it yourself": the promise in plain words, and how anybody can test it. */

import { html } from "lit";
import { licences } from "../engine.js";

/** @param {import("./parts.js").Context} context */
export function proofView({ words, actions }) {
  const { t } = words;
  const steps = ["network", "offline", "policy", "source"];
  return html`<article class="proof prose">
    <p class="kicker">${t("proof.link")}</p>
    <h1 tabindex="-1">${t("proof.title")}</h1>
    <p class="standfirst">${t("proof.promise")}</p>
    <ol>
      ${steps.map((step) => html`<li><h2>${t(`proof.${step}.title`)}</h2><p>${t(`proof.${step}.text`)}</p></li>`)}
    </ol>
    <h2>${t("proof.remains.title")}</h2>
    <p>${t("proof.remains.text")}</p>
    <h2>${t("proof.stored.title")}</h2>
    <p>${t("proof.stored.text")}</p>
    <h2>${t("proof.parts.title")}</h2>
    <p>${t("proof.parts.text")}</p>
    <details><summary>${t("proof.parts.licences")}</summary><pre class="licences" lang="en" tabindex="0" aria-label=${t("proof.parts.licences")}>${licences}</pre></details>
    <p><button type="button" class="plain" @click=${() => actions.show("answers")}>${t("proof.back")}</button></p>
  </article>`;
}
