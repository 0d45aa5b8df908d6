/** Life cycle: where each customer stands by the own cadence, and who came, came back and fell silent in each period. */

import { html } from "lit";
import { barList } from "../../charts/bars.js";
import "../../charts/figure.js";
import { KINDS, lifecycleBars, lifecycleTitle } from "../../charts/lifecycle.js";
import { picked } from "../../picks.js";
import { lifeWords, method, notices, opening, pickLine, picking } from "../parts.js";
import { answered, choice, groupsExport } from "./parts.js";

/** @import { LifecycleResult } from "../../../pkg/types.d.ts" */
/** @typedef {import("../parts.js").Context} Context */

/** @param {Context} context */
export function lifecyclePage(context) {
  const { state, words, actions } = context;
  const { unit } = state.segmenting.lifecycle;
  return html`<div class="options">
      ${choice(words.t("lifecycle.unit"), /** @type {const} */ (["week", "month", "quarter", "year"]), unit, (one) => words.t(`unit.${one}`), (one) => actions.setSegmenting({ lifecycle: { unit: one } }))}
    </div>
    ${answered(context, "lifecycle", unit, (view, run) => view.lifecycle({ unit }, run), (result) => drawLifecycle(/** @type {LifecycleResult} */ (result), context))}`;
}

/** @param {LifecycleResult} result @param {Context} context */
function drawLifecycle(result, context) {
  const { state, words, format, reading, save } = context;
  const { t, rich } = words;
  const { stages, periods } = result;
  const name = (/** @type {string} */ key) => lifeWords(key, "lifecycle", context);
  const share = (/** @type {string} */ id) => stages.find((stage) => stage.id === id)?.share ?? 0;
  const most = Math.max(...stages.map((stage) => stage.share), 1e-9);
  const table = {
    columns: [{ label: t("lifecycle.period") }, ...KINDS.map(({ kind }) => ({ label: t(`lifecycle.${kind}`), align: /** @type {const} */ ("right") })), { label: t("time.colWhole") }],
    rows: periods.period.map((period, i) => [period, ...KINDS.map(({ kind }) => format.count(periods[kind][i])), periods.complete[i] ? "" : t("time.partOnly")]),
  };
  return html`${opening(t("segments.page.lifecycle"), rich("lifecycle.finding", { mature: html`<b>${format.share(share("growing") + share("mature"))}</b>`, gone: html`<b>${format.share(share("declining") + share("lost"))}</b>` }), t("lifecycle.standfirst", { gap: format.number(result.usualGapDays), late: format.decimal(result.lateAfter, 1), lost: format.decimal(result.lostAfter, 1) }))}
    <chart-figure
      .height=${320} .draw=${lifecycleBars} .args=${[periods, reading, picked(state), periods.period.flatMap((period) => KINDS.map(({ kind }) => name(`${kind}/${period}`)))]} .picking=${picking(context, name)}
      .heading=${lifecycleTitle(periods, reading)} .sub=${t("lifecycle.barsSub")}
      .caption=${html`<span class="legend">${KINDS.map(({ kind, fill }) => html`<span><i class="swatch" style="background:${fill}"></i>${t(`lifecycle.${kind}`)}</span>`)}</span>`}
      .file=${"life-cycle"} .table=${table} .words=${words} .showTable=${state.showTables} .save=${save}
    ></chart-figure>
    <section>
      <h2>${t("lifecycle.stagesTitle")}</h2>
      <p class="sub">${t("lifecycle.stagesSub")}</p>
      ${barList(stages.map((stage) => ({ name: pickLine(context, { lifecycle: stage.id }, () => t(`stage.${stage.id}`)), share: stage.share / most, value: t("lifecycle.bar", { count: format.count(stage.customers), share: format.share(stage.share) }) })), t("lifecycle.stagesTitle"))}
      <ul class="plain-list caption">
        ${stages.map((stage) => html`<li><b>${t(`stage.${stage.id}`)}</b>: ${t(`stage.${stage.id}.what`)}</li>`)}
        <li><b>${t("stage.potential")}</b>: ${t("stage.potential.what", { n: result.potential, count: format.count(result.potential) })}</li>
      </ul>
    </section>
    <p class="standfirst">${t("lifecycle.notSegments")}</p>
    ${groupsExport(context, { what: "segments", by: "lifecycle", labels: Object.fromEntries(stages.map(({ id }) => [id, t(`stage.${id}`)])) }, "life-cycle")}
    ${notices(result.notices)} ${method(context, "lifecycle")}`;
}
