/** What scores alone say of those who slip away, where a file has no single orders for a model to learn from. */

import { html } from "lit";
import { familyOf } from "../charts/segments.js";
import { segmentWords } from "./segments/parts.js";

/** @import { Message } from "../../pkg/types.d.ts" */

/**
 * An answer from the segments at risk: all of them, or of which to begin with; none where there
 * are none.
 *
 * @param {string} key of the answer
 * @param {Message[]} missing why there is no better one
 * @param {import("./parts.js").Context} context
 */
export function byScores(key, missing, { state, words, format, actions }) {
  const { t, rich } = words;
  const atRisk = (state.results.rfm.value?.segments ?? []).filter(({ id, customers }) => customers > 0 && familyOf(id, state.options.rfm) === "risk");
  const [first] = [...atRisk].sort((a, b) => (b.meanRevenue ?? 0) - (a.meanRevenue ?? 0));
  if (!first || (key !== "slipping" && key !== "winback")) return null;
  const chosen = key === "slipping" ? atRisk : [first];
  const total = (/** @type {"customers" | "revenue"} */ what) => chosen.reduce((sum, segment) => sum + segment[what], 0);
  const [customers, revenue] = [total("customers"), total("revenue")];
  const whom = () => format.list(chosen.map(({ id }) => segmentWords(words, id)));
  const see = () => {
    actions.choose({ or: chosen.map(({ id }) => ({ segment: id })) }, whom);
    actions.show("customers");
  };
  const sentence = rich(`answers.byScores.${key}.sentence`, {
    n: customers,
    count: format.count(customers),
    segment: whom(),
    money: format.money(key === "slipping" ? revenue : first.meanRevenue),
  });
  return html`<section class="answer" aria-busy="false">
    <div class="answer-figure">
      <h2>${t(`answers.${key}.title`)}</h2>
      <p class="big">${key === "slipping" ? format.count(customers) : format.money(revenue)}</p>
      <p class="caption">${t(`answers.byScores.${key}.label`, { segment: whom() })}</p>
    </div>
    <div class="answer-words">
      <p>${sentence}</p>
      <p class="caption">${t("answers.byScores.why", { why: missing.map(({ text }) => text).join(" ") })}</p>
      <button type="button" class="plain" @click=${see}>${t("answers.byScores.button")}</button>
    </div>
    <div class="answer-picture"></div>
  </section>`;
}
