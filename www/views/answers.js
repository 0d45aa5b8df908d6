/** The four answers: each one sentence, one figure, one small picture, one button. */

import { html, nothing } from "lit";
import { stackedRows } from "../charts/bars.js";
import { concentrationChart } from "../charts/value.js";
import { SLIPPING } from "../picks.js";
import { everybody } from "../state.js";
import { byScores } from "./by-scores.js";
import { ledgerLine } from "./ledger.js";
import { figure, isChosen, notices, waitingFor } from "./parts.js";
import { ofRegulars, regularsOf } from "./regulars.js";

/** @import { AnalysisId, Outcome, ViewId } from "../state.js" */
/** @typedef {import("./parts.js").Context} Context */
/** @typedef {{ value: string, label: string, sentence: unknown, caution?: string, picture: unknown, whom?: import("../../pkg/types.d.ts").Where }} Answer  `whom`: who is meant, chosen by its button */

/** @param {Context} context */
export function answersView(context) {
  const { state, words, format } = context;
  const { ledger, results } = state;
  const { t } = words;
  if (!ledger) return nothing;
  return html`<header class="opening">
      ${ledger.lastDate
        ? html`<p class="kicker">${t(isSetBack(state) ? "answers.kickerAsOf" : "answers.kicker", { from: format.shortDay(ledger.firstDate), to: format.shortDay(isSetBack(state) ? state.asOf : ledger.lastDate) })}</p>`
        : nothing}
      <h1 tabindex="-1" class="unseen">${t("view.answers")}</h1>
    </header>
    ${ledgerLine(ledger, context)}
    ${ledger.kind === "customers" ? notices(ledger.notices.filter(({ code }) => code.startsWith("customers-") || code === "no-calendar-days")) : nothing}
    <div class="answers">
      ${answer("regulars", "segments", "rfm", results.rfm, context, () => regulars(context))}
      ${answer("worth", "value", "lifetime", results.lifetime, context, () => worth(context))}
      ${answer("slipping", "churn", "churn", results.churn, context, () => slipping(context))}
      ${answer("winback", "winback", "winback", results.winback, context, () => winback(context))}
    </div>`;
}

/** Whether orders of the file are later than the day of reckoning. @param {import("../state.js").State} state */
export const isSetBack = ({ asOf, ledger }) => ledger?.lastDate !== null && ledger?.lastDate !== undefined && asOf < ledger.lastDate;

/**
 * @param {string} key
 * @param {ViewId} view
 * @param {AnalysisId} id
 * @param {Outcome<unknown>} outcome
 * @param {Context} context
 * @param {() => Answer} say
 */
function answer(key, view, id, outcome, context, say) {
  const { words, actions, format } = context;
  const { t } = words;
  const title = html`<h2>${t(`answers.${key}.title`)}</h2>`;
  const busy = outcome.status === "running" || outcome.status === "waiting";
  const scored = outcome.status === "unavailable" ? byScores(key, outcome.missing, context) : null;
  if (scored) return scored;
  if (outcome.value === null) {
    const { progress } = outcome;
    const queued = outcome.status === "waiting";
    const far = progress && progress.total > 0 ? progress.done / progress.total : null;
    return html`<section class="answer" aria-busy=${busy}>
      <div class="answer-figure">${title}<p class="big quiet-big">${busy ? t(queued ? "waiting.title" : "computing.title") : "–"}</p></div>
      <div class="answer-words">
        ${busy
          ? queued
            ? html`<p>${waitingFor(context)}</p>`
            : html`<p>${t(`computing.${id}`)}</p>
                <progress max="1" value=${far ?? nothing} aria-label=${t(`computing.${id}`)}></progress>
                <p class="caption">${progress && Number.isFinite(progress.secondsLeft) && progress.secondsLeft > 1 ? t("progress.left", { time: format.duration(progress.secondsLeft) }) : "\u00a0"}</p>`
          : outcome.status === "unavailable"
            ? html`<p>${t("unavailable.short")}</p>
                ${outcome.missing.map((message) => html`<p class="caption">${message.text}</p>`)}`
            : html`<p>${outcome.message || t("cancelled.title")}</p>
                <button type="button" class="plain" @click=${() => actions.retry(id)}>${t("retry")}</button>`}
      </div>
      <div class="answer-picture">
        ${busy && outcome.status === "running"
          ? html`<button type="button" class="quiet" @click=${() => actions.cancelAnalysis(id)}>${t("cancel")}</button>`
          : nothing}
      </div>
    </section>`;
  }
  const { value, label, sentence, caution = "", picture, whom } = say();
  const see = (/** @type {Event} */ e) => {
    e.preventDefault();
    actions.show(view);
    if (whom && !isChosen(context, whom)) actions.choose(whom, () => t(`answers.${key}.title`));
  };
  return html`<section class=${busy ? "answer stale" : "answer"} aria-busy=${busy}>
    <div class="answer-figure">${title}<p class="big">${value}</p><p class="caption">${label}</p></div>
    <div class="answer-words">
      <p>${sentence}</p>
      ${caution ? html`<p class="caption caution">${caution}</p>` : nothing}
      <a class="button" href="#${view}" @click=${see}>${t(`answers.${key}.button`)}</a>
    </div>
    <div class="answer-picture">${picture}</div>
  </section>`;
}

/** @param {Context} context @returns {Answer} */
function regulars({ state, words, format }) {
  const { t, rich } = words;
  const result = /** @type {NonNullable<typeof state.results.rfm.value>} */ (state.results.rfm.value);
  const best = regularsOf(result, state.options.rfm);
  const all = format.count(everybody(state).customers);
  return {
    value: format.count(best.customers),
    label: t("answers.regulars.label"),
    sentence: rich("answers.regulars.sentence", {
      n: best.customers,
      count: figure(format.count(best.customers), t("note.ofCustomers", { count: format.count(best.customers), all })),
      share: figure(format.share(best.share), t("note.ofCustomers", { count: format.count(best.customers), all })),
      money: figure(format.share(best.revenueShare), t("note.ofCustomerRevenue", { money: format.cents(best.revenue) })),
    }),
    picture: stackedRows(
      [
        { name: t("answers.regulars.customers"), parts: [{ share: best.share, colour: "--q4", label: t("answers.regulars.part", { share: format.share(best.share) }), strong: true }, { share: 1 - best.share, colour: "--q1", label: "" }] },
        { name: t("answers.regulars.revenue"), parts: [{ share: best.revenueShare, colour: "--q4", label: t("answers.regulars.part", { share: format.share(best.revenueShare) }), strong: true }, { share: 1 - best.revenueShare, colour: "--q1", label: "" }] },
      ],
      t("answers.regulars.picture", { share: format.share(best.share), money: format.share(best.revenueShare) }),
    ),
  };
}

/** @param {Context} context @returns {Answer} */
function worth(context) {
  const { state, words, format, reading } = context;
  const { t, rich } = words;
  const result = /** @type {NonNullable<typeof state.results.lifetime.value>} */ (state.results.lifetime.value);
  const { totals } = result;
  const note = intervalNote(result, { words, format });
  return {
    value: format.money(totals.clv),
    label: t(result.margin < 1 ? "answers.worth.labelMargin" : "answers.worth.label", { horizon: horizonWords(result.horizonDays, words, format) }),
    caution: result.model === "historic" ? t("value.warnHistoric") : isWide(totals) ? t("value.warnWide", { count: format.count(result.customers), low: format.money(totals.clvLow), high: format.money(totals.clvHigh) }) : "",
    sentence: html`${rich(totals.clvLow === null ? "answers.worth.sentenceWithout" : "answers.worth.sentence", {
      money: figure(format.money(totals.clv), note),
      horizon: horizonWords(result.horizonDays, words, format),
      low: format.money(totals.clvLow),
      high: format.money(totals.clvHigh),
      share: figure(format.share(totals.topDecileShare), t("note.ofFutureValue", { money: format.cents(totals.clv) })),
    })}${ofRegulars(context)}`,
    picture: html`<chart-figure
      .mini=${true}
      .height=${112}
      .draw=${concentrationChart}
      .args=${[result.concentration, reading, true]}
      .heading=${t("value.concentration.title", { share: format.share(totals.topDecileShare) })}
    ></chart-figure>`,
  };
}

/** Whether next to nothing is known: the upper end is more than twice the lower one. @param {{ clvLow: number | null, clvHigh: number | null }} totals */
export const isWide = ({ clvLow, clvHigh }) => clvLow !== null && clvHigh !== null && clvHigh > 2 * clvLow;

/** Why the order of the win-back list is weak; "" where it is not. @param {Pick<Context, "state" | "words">} context */
export function doubt({ state, words }) {
  const lifetime = state.results.lifetime.value;
  const weak = lifetime && (lifetime.forecast !== lifetime.model || lifetime.model === "historic" || isWide(lifetime.totals));
  return weak ? words.t("winback.warnWeak") : "";
}

/**
 * The interval of the future value, or where there is none, of whom it speaks.
 * @param {import("../../pkg/types.d.ts").LifetimeResult} result
 * @param {Pick<Context, "words" | "format">} reading
 */
export function intervalNote({ totals, customers }, { words, format }) {
  const count = format.count(customers);
  return totals.clvLow === null
    ? words.t("note.ofIdentified", { count })
    : words.t("note.interval", { low: format.cents(totals.clvLow), high: format.cents(totals.clvHigh), count });
}

/** @param {Context} context @returns {Answer} */
function slipping({ state, words, format }) {
  const { t, rich } = words;
  const result = /** @type {NonNullable<typeof state.results.churn.value>} */ (state.results.churn.value);
  const { totals } = result;
  const note = t("note.slipping", { days: format.count(result.windowDays), count: format.count(totals.slippingAway), all: format.count(result.customers) });
  return {
    value: format.count(totals.slippingAway),
    label: t("answers.slipping.label"),
    sentence: rich("answers.slipping.sentence", {
      n: totals.slippingAway,
      count: figure(format.count(totals.slippingAway), note),
      days: format.count(result.windowDays),
      money: figure(format.money(totals.revenueAtRisk), t("note.atRisk", { money: format.cents(totals.revenueAtRisk) })),
    }),
    // So few customers say more of the number than which order is the better one.
    caution: ["churn-small-base", "churn-naive-better"].flatMap((code) => result.notices.find((notice) => notice.code === code)?.text ?? [])[0],
    picture: riskBands(result, { words, format }),
    ...(totals.slippingAway > 0 ? { whom: SLIPPING } : {}),
  };
}

const BAND_COLOUR = { low: "--q1", medium: "--q2", high: "--worse" };

/**
 * Customers by risk, as parts of all.
 * @param {import("../../pkg/types.d.ts").ChurnResult} result
 * @param {Pick<Context, "words" | "format">} reading
 * @param {boolean} [named]
 */
export function riskBands(result, { words, format }, named = true) {
  const { t } = words;
  const { bands } = result.totals;
  const all = bands.reduce((sum, band) => sum + band.customers, 0) || 1;
  const worst = [...bands].reverse();
  return stackedRows(
    [
      {
        name: named ? t("answers.slipping.bands") : "",
        parts: worst.map((band) => ({
          share: band.customers / all,
          colour: BAND_COLOUR[band.band],
          label: t(`band.${band.band}`, { share: format.share(band.customers / all) }),
          strong: band.band === "high",
        })),
      },
    ],
    t("answers.slipping.picture", { shares: format.list(worst.map((band) => t(`band.${band.band}`, { share: format.share(band.customers / all) }))) }),
  );
}

/** @param {Context} context @returns {Answer} */
function winback({ state, words, format }) {
  const { t, rich } = words;
  const result = /** @type {NonNullable<typeof state.results.winback.value>} */ (state.results.winback.value);
  if (result.customers === 0) {
    return { value: "0", label: t("answers.winback.label"), sentence: t("answers.winback.none"), picture: nothing };
  }
  const note = t("note.winback", { rate: format.share(result.options.successRate), cost: format.cents(result.options.costPerContact), margin: format.share(result.options.margin) });
  return {
    value: format.money(result.expectedGain),
    label: t("answers.winback.label"),
    sentence: rich("answers.winback.sentence", {
      n: result.customers,
      count: figure(format.count(result.customers), note),
      cost: format.money(result.cost),
      gain: figure(format.money(result.expectedGain), note),
    }),
    caution: doubt({ state, words }),
    picture: costAndGain(result, { words, format }),
  };
}

/**
 * What the plan costs and what it should bring, on one scale.
 * @param {import("../../pkg/types.d.ts").WinbackResult} result
 * @param {Pick<Context, "words" | "format">} reading
 */
export function costAndGain(result, { words, format }) {
  const { t } = words;
  const back = result.cost + result.expectedGain;
  const most = Math.max(back, result.cost, 1e-9);
  return stackedRows(
    [
      { name: t("winback.cost"), parts: [{ share: result.cost / most, colour: "--muted", label: format.money(result.cost), strong: true }] },
      {
        name: `${t("winback.back")} ${format.money(back)}`,
        parts: [
          { share: result.cost / most, colour: "--q1", label: "" },
          { share: Math.max(0, result.expectedGain) / most, colour: "--q4", label: `${t("winback.gain")} ${format.money(result.expectedGain)}`, strong: true },
        ],
      },
    ],
    t("winback.picture", { cost: format.money(result.cost), gain: format.money(result.expectedGain) }),
  );
}

/**
 * @param {number} days
 * @param {import("../words.js").Words} words
 * @param {import("../format.js").Format} format
 */
export function horizonWords(days, words, format) {
  const months = Math.round(days / 30.4375);
  return Math.abs(months * 30.4375 - days) <= 3 && months > 0
    ? words.t("horizon.months", { n: months, count: format.count(months) })
    : words.t("horizon.days", { n: days, count: format.count(days) });
}
