/** How far to trust the lifetime model: its word on itself, everyone on days held out, and the pictures behind. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { additions, frequencyChart, matrixChart, weeksChart } from "../charts/trust.js";
import { holdoutChart } from "../charts/value.js";
import { daysOn, picked } from "../picks.js";
import { explain, onPage, picking } from "./parts.js";

/** @import { LifetimeCandidate, LifetimeResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {import("../charts/table.js").Table} Table */

/** @param {string} model @param {Context["words"]} words */
export const modelName = (model, words) => (words.has(`model.${model}`) ? words.t(`model.${model}`) : model);

/** @param {LifetimeResult} result @param {Context} context */
export function trustView(result, context) {
  const { words } = context;
  const { t } = words;
  return html`<section class="trust">
      <h2>${t("value.trustTitle")}</h2>
      <p class="verdict">${result.verdict.text}</p>
      ${result.spend ? html`<p class="verdict">${result.spend.verdict.text}</p>` : nothing}
      ${standing(result, context)}
    </section>
    ${result.model === "historic" ? nothing : pictures(result, context)}`;
}

/** Everyone on the days held out, and who is used. @param {LifetimeResult} result @param {Context} context */
function standing(result, { words, format }) {
  const { t } = words;
  const { holdout, candidates } = result;
  if (!holdout || candidates.length === 0) return nothing;
  const used = candidates.find((row) => row.chosen);
  const name = (/** @type {string} */ code) => modelName(code, words);
  const shown = (/** @type {LifetimeCandidate | undefined} */ c) => format.decimal(c?.outer?.deviance, 4);
  const even = candidates.filter((c) => c !== used && shown(c) === shown(used));
  const sentence = used?.naive
    ? t("value.usedNaive", { used: name(used.model), model: name(result.model) })
    : even.length > 0 && [used, ...even].some((c) => c?.model === holdout.best)
      ? t("value.usedEven", { used: name(result.forecast), best: format.list(even.map((c) => name(c.model))) })
      : holdout.best === used?.model
        ? t("value.usedBest", { used: name(result.forecast) })
        : t("value.usedNear", { used: name(result.forecast), best: name(holdout.best) });
  const row = (/** @type {LifetimeCandidate} */ c) => html`<tr class=${c.chosen ? "total" : ""}>
    <th scope="row">${name(c.model)}${c.phases ? ` (k = ${c.phases})` : ""}${c.naive ? ` · ${t("value.baseline")}` : ""}${c.chosen ? `, ${t("method.chosen")}` : ""}</th>
    <td class="right">${format.decimal(c.inner?.deviance, 4)}</td>
    <td class="right">${format.decimal(c.outer?.deviance, 4)}</td>
    <td class="right">${format.decimal(c.outer?.mae, 3)}</td>
    <td class="right">${format.decimal(c.outer?.rmse, 3)}</td>
    <td class="right">${format.signed(c.outer?.bias)}</td>
    <td class="right">${c.outer ? `${format.decimal(c.outer.liftTopDecile, 2)} ×` : "–"}</td>
    <td class="right">${format.number(c.outer?.expectedOrders)}</td>
  </tr>`;
  const label = t("value.standingTitle", { days: format.count(holdout.days), day: format.day(holdout.cutOff) });
  return html`<p class="verdict">${sentence}</p>
    <h3>${label}</h3>
    <p class="sub">${t("value.standingSub", { actual: format.count(holdout.actualOrders), count: format.count(holdout.customers) })}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${label}>
      <table class="ruled small">
        <thead><tr><th scope="col">${t("method.model")}</th>${["method.innerDeviance", "method.outerDeviance", "value.trustMae", "value.trustRmse", "value.trustBias", "value.trustLift", "value.trustOrders"].map((key) => html`<th scope="col" class="right">${t(key)}</th>`)}</tr></thead>
        <tbody>${candidates.map(row)}</tbody>
      </table>
    </div>
    ${explain(words, "value.standing.explain")}`;
}

/** Whom a part of the pictures stands for. @param {string} key @param {LifetimeResult} result @param {Context} context */
function modelWords(key, { holdout, matrix, tracking, frequencies }, { words, format }) {
  const { t } = words;
  const [kind, a, b] = key.split("/");
  const [i, j] = [Number(a), Number(b)];
  const steps = (/** @type {string} */ column, /** @type {number[] | undefined} */ of, /** @type {number} */ place) => {
    const [from, to] = [(of?.[place - 1] ?? -1) + 1, of?.[place] ?? 0];
    return from === to ? t("selection.at", { when: t(column), what: format.count(to) }) : t("selection.between", { column: t(column), from: format.count(from), to: format.count(to) });
  };
  if (kind === "cell") return format.list([steps("column.repeatOrders", matrix?.frequency, i), steps("column.activeDays", matrix?.recencyDays, j)]);
  if (kind === "week") return t("selection.again", { from: format.shortDay(daysOn(tracking.from ?? "", i * 7 - 7)), to: format.shortDay(daysOn(tracking.from ?? "", i * 7 - 1)) });
  const open = i === frequencies.frequency.at(-1);
  const name = t("selection.at", { when: t("column.repeatOrders"), what: open ? t("chart.andMore", { n: format.count(i) }) : format.count(i) });
  return kind === "held" ? t("selection.was", { name, day: format.shortDay(holdout?.cutOff) }) : name;
}

/** @param {LifetimeResult} result @param {Context} context */
function pictures(result, context) {
  const { words, format, reading, state, save } = context;
  const { t } = words;
  const { holdout, matrix } = result;
  const now = picked(state);
  const told = result.model !== "bg-bb";
  const named = (/** @type {"repeat" | "held"} */ kind, /** @type {number[] | undefined} */ list) => (told && list ? list.map((f) => modelWords(`${kind}/${f}`, result, context)) : []);
  // Judged on a sample, a point stands for more customers than were counted.
  const sampled = result.notices.some(({ code }) => code === "lifetime-judged-on-sample");
  const sized = (/** @type {string} */ name, n = 0) => (sampled ? name : t("pick.size", { name, n, count: format.count(n) }));
  const figure = (/** @type {string} */ key, /** @type {Function} */ draw, /** @type {unknown[]} */ args, /** @type {Table} */ table, params = {}, height = 300) =>
    html`<chart-figure
      .height=${height} .draw=${draw} .args=${[...args, reading]} .picking=${picking(context, (key) => modelWords(key, result, context))}
      .heading=${t(`value.${key}.title`, params)} .sub=${t(`value.${key}.sub`, params)} .caption=${html`${told ? onPage(t(`value.pick.${key}`)) : nothing} ${explain(words, `value.${key}.explain`)}`}
      .file=${`value-${key}`} .table=${table} .words=${words} .showTable=${state.showTables} .save=${save}
    ></chart-figure>`;
  const age = matrix ? format.count(matrix.ageDays) : "";
  // A table of one row a customer does not say in which week the orders came.
  const weeks = result.tracking.week.length > 0;
  const [came, forecast] = [additions(result.tracking.actual), additions(result.tracking.expected)];
  const busiest = came.indexOf(Math.max(...came));
  const both = (/** @type {number | undefined} */ actual, /** @type {number | undefined} */ expected) => ({ actual: format.count(actual), expected: format.count(expected) });
  const tracking = weeks ? figure("tracking", weeksChart, [result, true, now.chosen], weekTable(result, true, context), both(result.tracking.actual.at(-1), result.tracking.expected.at(-1))) : nothing;
  const held = holdout
    ? figure("holdout", holdoutChart, [holdout, now.chosen, named("held", holdout.byFrequency.frequency).map((name, i) => sized(name, holdout.byFrequency.customers[i]))], holdoutTable(holdout, context), { actual: format.count(holdout.actualOrders), expected: format.number(holdout.expectedOrders), day: format.day(holdout.cutOff), days: format.count(holdout.days) })
    : nothing;
  // Who reads the report wants to know whether to believe it, not by how many ways it was looked at.
  if (state.view === "report") return html`<div class="pair">${tracking} ${held}</div>`;
  return html`${weeks ? html`<div class="pair">${tracking} ${figure("incremental", weeksChart, [result, false, now.chosen], weekTable(result, false, context), both(came[busiest], forecast[busiest]))}</div>` : nothing}
    <div class="pair">
      ${held} ${figure("frequencies", frequencyChart, [result.frequencies, now, named("repeat", result.frequencies.frequency)], frequencyTable(result, context), { day: format.day(result.asOf), ...both(result.frequencies.actual[0], result.frequencies.expected[0]) })}
    </div>
    ${matrix
      ? html`<div class="pair">
          ${result.identifiesDropout
            ? figure("alive", matrixChart, [matrix, "pAlive", told ? now : null], matrixTable(matrix, "pAlive", context), { age }, 360)
            : html`<section><h2>${t("value.alive.title")}</h2><p>${t("value.aliveUnknown")}</p></section>`}
          ${figure("toCome", matrixChart, [matrix, "expectedOrders", told ? now : null], matrixTable(matrix, "expectedOrders", context), { age, days: format.count(result.horizonDays) }, 360)}
        </div>
        ${result.model === "bg-nbd" ? html`<p class="caption">${t("value.bgOneTime")}</p>` : nothing}`
      : nothing}`;
}

/** @param {LifetimeResult} result @param {boolean} isSum @param {Context} context @returns {Table} */
const weekTable = ({ tracking }, isSum, { words, format }) => {
  const [actual, expected] = [tracking.actual, tracking.expected].map((sums) => (isSum ? sums : additions(sums)));
  return {
    columns: [{ label: words.t("axis.weeks") }, { label: words.t("chart.counted"), align: "right" }, { label: words.t("chart.expected"), align: "right" }],
    rows: tracking.week.map((week, i) => [format.count(week), format.count(actual?.[i]), format.decimal(expected?.[i], isSum ? 1 : 2)]),
  };
};

/** @param {LifetimeResult} result @param {Context} context @returns {Table} */
const frequencyTable = ({ frequencies }, { words, format }) => ({
  columns: [{ label: words.t("axis.repeatOrders") }, { label: words.t("chart.counted"), align: "right" }, { label: words.t("chart.expected"), align: "right" }],
  rows: frequencies.frequency.map((f, i) => [
    i === frequencies.frequency.length - 1 ? words.t("chart.andMore", { n: format.count(f) }) : format.count(f),
    format.count(frequencies.actual[i]), format.decimal(frequencies.expected[i], 1),
  ]),
});

/** @param {NonNullable<LifetimeResult["holdout"]>} holdout @param {Context} context @returns {Table} */
const holdoutTable = ({ byFrequency }, { words, format }) => ({
  columns: [{ label: words.t("axis.repeatsBefore") }, { label: words.t("axis.customers"), align: "right" }, { label: words.t("chart.counted"), align: "right" }, { label: words.t("chart.expected"), align: "right" }],
  rows: byFrequency.frequency.map((f, i) => [
    i === byFrequency.frequency.length - 1 ? words.t("chart.andMore", { n: format.count(f) }) : format.count(f),
    format.count(byFrequency.customers[i]), format.decimal(byFrequency.actual[i], 3), format.decimal(byFrequency.expected[i], 3),
  ]),
});

/** @param {NonNullable<LifetimeResult["matrix"]>} matrix @param {"pAlive" | "expectedOrders"} which @param {Context} context @returns {Table} */
const matrixTable = (matrix, which, { words, format }) => ({
  columns: [{ label: words.t("axis.repeatOrders") }, ...matrix.recencyDays.map((days) => ({ label: format.count(days), align: /** @type {const} */ ("right") }))],
  rows: matrix.frequency.map((f, i) => [
    format.count(f),
    ...(matrix[which][i] ?? []).map((value) => (value === null ? "" : which === "pAlive" ? format.exactShare(value) : format.decimal(value, 2))),
  ]),
});
