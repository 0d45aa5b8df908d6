/** While a file is read: how far in megabytes, the time left, cancel. */

import { html } from "lit";

/** @param {import("./parts.js").Context} context */
export function readingView({ state, words, actions, format }) {
  const { t } = words;
  const { progress, phase, file } = state;
  const known = progress !== null && progress.total > 0;
  const reading = phase === "reading";
  return html`<section class="drop-page">
    <h1 tabindex="-1">${t(reading ? "reading.title" : "loading.title", { name: file?.name ?? "" })}</h1>
    <p class="standfirst">${t("reading.stays")}</p>
    <div class="reading">
      <progress max="1" value=${known ? progress.done / progress.total : 0} aria-label=${t("reading.label")}></progress>
      <p class="reading-line">
        <span
          >${known
            ? reading
              ? [t("reading.bytes", { done: format.bytes(progress.done), total: format.bytes(progress.total) }), Number.isNaN(progress.rows) ? "" : t("reading.rows", { n: progress.rows, count: format.count(progress.rows) })].filter(Boolean).join(" · ")
              : format.share(progress.done / progress.total)
            : t("reading.start")}</span
        >
        <span>${known && Number.isFinite(progress.secondsLeft) ? t("progress.left", { time: format.duration(progress.secondsLeft) }) : ""}</span>
      </p>
      <button type="button" class="plain" @click=${actions.cancel}>${t("cancel")}</button>
    </div>
  </section>`;
}
