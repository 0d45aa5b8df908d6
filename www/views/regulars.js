/** Who the regulars are, and what of the value is theirs. */

import { html } from "lit";
import { familyOf } from "../charts/segments.js";

/**
 * Champions, loyal customers and what the user counts among them.
 * @param {import("../../pkg/types.d.ts").RfmResult} result
 * @param {import("../../pkg/types.d.ts").RfmOptions} options
 */
export function regularsOf(result, options) {
  const named = result.segments.filter(({ id }) => familyOf(id, options) === "best");
  // Of a map of the user's own, the first fifth of the segments.
  const best = named.length > 0 ? named : result.segments.slice(0, Math.max(1, Math.round(result.segments.length / 5)));
  const total = (/** @type {"customers" | "revenue" | "share" | "revenueShare"} */ key) => best.reduce((sum, segment) => sum + (segment[key] ?? 0), 0);
  return { ids: best.map(({ id }) => id), customers: total("customers"), revenue: total("revenue"), share: total("share"), revenueShare: total("revenueShare") };
}

/** What of the future value is the regulars' own, once it is known. @param {import("./parts.js").Context} context */
export function ofRegulars({ state, words, format }) {
  const { rfm, equity } = state.results;
  if (!rfm.value || !equity.value?.segment) return "";
  const { ids } = regularsOf(rfm.value, state.options.rfm);
  const theirs = equity.value.segment.filter(({ label }) => label !== null && ids.includes(label));
  const total = (/** @type {"future" | "share"} */ key) => theirs.reduce((sum, part) => sum + part[key], 0);
  return words.rich("answers.worth.regulars", { money: html`<b>${format.money(total("future"))}</b>`, share: format.share(total("share")) });
}
