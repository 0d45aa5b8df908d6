/** Baskets: what is bought together, what after what, and whether chance could have made it. */

import { html, nothing } from "lit";
import "../charts/figure.js";
import { ruleArcs } from "../charts/shop.js";
import { picked, sequenceWheres } from "../picks.js";
import { cellPick, choiceField, cut, cutNote, explain, figure, isChosen, method, notices, numberField, opening, outcomeView, terms } from "./parts.js";
import { consentRule } from "./segments/parts.js";
import { selectedHere } from "./selected.js";

/** @import { BasketResult, Item, Sequence } from "../../pkg/types.d.ts" */
/** @import { Format } from "../format.js" */
/** @typedef {BasketResult["rules"][number]} Rule */
/** @typedef {import("./parts.js").Context} Context */

/** An item in words. @param {Item | undefined} item @param {Format} format */
export function itemName(item, format) {
  if (!item) return "";
  const value = item.value ?? (item.from === item.to ? format.plain(item.from) : `${format.plain(item.from)} – ${format.plain(item.to)}`);
  return item.kind === "product" || item.column === null ? value : `${item.column}: ${value}`;
}

/** @param {Context} context */
export const basketsView = (context) => html`${outcomeView("basket", context.state.results.basket, context, (result) => drawBaskets(result, context))}
  ${context.state.results.basket.status === "failed" ? controls(context) : nothing}`;

/** @param {Context} context */
function controls({ state, words, actions }) {
  const { t } = words;
  const { of = "order", minSupport = 0.01, minConfidence = 0.2, sortBy = "lift", windowDays = 90 } = state.options.basket;
  const set = (/** @type {import("../../pkg/types.d.ts").BasketOptions} */ patch) => actions.setOption("basket", patch);
  return html`<div class="options">
    ${choiceField({ label: t("baskets.of"), value: of, choices: [["order", t("baskets.of.order")], ["customer", t("baskets.of.customer")]], set: (value) => set({ of: value }) })}
    ${numberField({ label: t("baskets.minSupport"), unit: "%", value: minSupport, min: 0.01, max: 100, step: 0.01, scale: 100, set: (v) => set({ minSupport: v }) })}
    ${numberField({ label: t("baskets.minConfidence"), unit: "%", value: minConfidence, min: 0, max: 100, step: 1, scale: 100, set: (v) => set({ minConfidence: v }) })}
    ${choiceField({ label: t("baskets.sortBy"), value: sortBy, choices: /** @type {("lift" | "confidence" | "support" | "leverage")[]} */ (["lift", "confidence", "support", "leverage"]).map((id) => [id, t(`baskets.${id}`)]), set: (value) => set({ sortBy: value }) })}
    ${numberField({ label: t("baskets.window"), unit: t("unit.days"), value: windowDays, min: 1, max: 3650, set: (v) => set({ windowDays: v }) })}
  </div>`;
}

/** @param {BasketResult} result @param {Context} context */
function drawBaskets(result, context) {
  const { state, words, actions, format, save } = context;
  const { t, rich } = words;
  const name = (/** @type {number} */ i) => itemName(result.items[i], format);
  const side = (/** @type {number[]} */ items) => items.map(name).join(" + ");
  const best = result.rules.find((rule) => rule.q <= 0.05);
  const finding = best
    ? rich("baskets.finding", {
        first: side(best.antecedent), then: side(best.consequent),
        share: figure(format.share(best.confidence), t("time.parts", { a: format.count(best.baskets), b: format.count(best.withAntecedent) })),
        lift: format.number(best.lift),
      })
    : t("baskets.findingNone");
  const ruleWords = (/** @type {Rule} */ rule, /** @type {"both" | "without"} */ which) => t(`selection.${which}`, { first: side(rule.antecedent), then: side(rule.consequent) });
  const pairs = result.rules.filter((rule) => rule.antecedent.length === 1 && rule.consequent.length === 1 && rule.q <= 0.05).slice(0, 24);
  const arcsTitle = t("baskets.arcsTitle", { first: side(pairs[0]?.antecedent ?? []), second: side(pairs[0]?.consequent ?? []) });
  const title = (/** @type {BasketResult["rules"][number]} */ rule) =>
    t("baskets.arc", { first: side(rule.antecedent), then: side(rule.consequent), share: format.share(rule.confidence), lift: format.number(rule.lift) });
  return html`${opening(t("view.baskets"), finding, t(`baskets.standfirst.${result.of}`, { baskets: format.count(result.baskets), mean: format.number(result.meanItems), single: format.share(result.singles / result.baskets) }))}
    ${controls(context)}
    ${pairs.length > 0
      ? html`<chart-figure
          .height=${200} .draw=${ruleArcs} .args=${[pairs, name, title, arcsTitle, { chosen: (/** @type {Rule} */ rule) => picked(state).chosen === ruleKey(result, rule, "both"), pick: (/** @type {Rule} */ rule) => actions.pick(ruleKey(result, rule, "both"), () => ruleWords(rule, "both")) }]}
          .heading=${arcsTitle} .sub=${t("baskets.arcsSub", { count: format.count(pairs.length) })} .caption=${html`${t("baskets.arcsCaption")} ${explain(words, "baskets.arcsExplain")}`}
          .file=${"baskets"} .table=${pairsTable(pairs, side, context)} .words=${words} .showTable=${state.showTables} .save=${save}
        ></chart-figure>`
      : nothing}
    <section>
      <h2>${t(result.significantRules === 0 ? "baskets.rulesTitleNone" : "baskets.rulesTitle", { count: format.count(result.significantRules), total: format.count(result.totalRules) })}</h2>
      <p class="sub">${t("baskets.rulesSub", { shown: format.count(result.rules.length), total: format.count(result.totalRules), redundant: format.count(result.redundantRules), support: format.exactShare(result.usedSupport), confidence: format.share(result.minConfidence) })}</p>
      ${result.rules.length > 0 ? rulesTable(result, side, ruleWords, context) : html`<p>${t("baskets.noRules")}</p>`}
      <p class="buttons">
        <button type="button" class="plain" @click=${() => actions.exportTable("rules")}>${t("baskets.exportRules")}</button>
        <button type="button" class="plain" @click=${() => actions.exportTable("sets")}>${t("baskets.exportSets")}</button>
      </p>
    </section>
    ${sequences(result, name, context)}
    ${selectedHere(context)} ${notices(result.notices)} ${method(context, "baskets")}`;
}

/** A chance as it is read: small ones are only called small. @param {number} q @param {Format} format */
const chance = (q, format) => (q < 0.001 ? `< ${format.decimal(0.001, 3)}` : format.decimal(q, 3));

/** What stands for the customers of a rule. @param {BasketResult} result @param {Rule} rule @param {"both" | "without"} which */
const ruleKey = (result, rule, which) => `${which}/${result.rules.indexOf(rule)}`;

/** @param {BasketResult} result @param {(items: number[]) => string} side @param {(rule: Rule, which: "both" | "without") => string} ruleWords @param {Context} context */
const rulesTable = (result, side, ruleWords, context) => {
  const { state, words, format, actions } = context;
  const { chosen } = picked(state);
  /** A cell by which the customers of a rule are picked. */
  const pick = (/** @type {Rule} */ rule, /** @type {"both" | "without"} */ which, /** @type {string} */ text) => {
    const key = ruleKey(result, rule, which);
    return cellPick(text, ruleWords(rule, which), chosen === key, () => actions.pick(key, () => ruleWords(rule, which)), which === "both" ? "cell-pick" : "row-pick");
  };
  const { t } = words;
  return html`<div class="scroll tall" tabindex="0" role="region" aria-label=${t("baskets.rules")}>
  <table class="ruled" data-roam>
    <thead>
      <tr>
        <th scope="col">${t("baskets.colFirst")}</th><th scope="col">${t("baskets.colThen")}</th>
        ${["colBaskets", "support", "confidence", "lift", "leverage", "conviction", "colChance"].map((key) => html`<th scope="col" class="right" title=${t(`baskets.${key}.text`)}>${t(`baskets.${key}`)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${cut(context, result.rules).map(
        (rule) => html`<tr class=${rule.q <= 0.05 ? "" : "unused"}>
          <th scope="row">${pick(rule, "without", side(rule.antecedent))}</th><td>${side(rule.consequent)}</td>
          <td class="right">${pick(rule, "both", format.count(rule.baskets))}</td><td class="right">${format.exactShare(rule.support)}</td>
          <td class="right">${format.exactShare(rule.confidence)}</td><td class="right">${format.decimal(rule.lift)}</td>
          <td class="right">${format.decimal(rule.leverage, 4)}</td><td class="right">${rule.conviction === null ? "∞" : format.decimal(rule.conviction)}</td>
          <td class="right">${chance(rule.q, format)}</td>
        </tr>`,
      )}
    </tbody>
  </table>
</div>
${state.view === "report" ? nothing : html`<p class="caption">${t("baskets.pick")}</p>`} ${cutNote(context, result.rules.length)} ${terms(words, ["support", "confidence", "liftOfRule", "leverage", "conviction", "q"])}`;
};

/**
 * The pairs of the picture.
 * @param {BasketResult["rules"]} pairs @param {(items: number[]) => string} side @param {Context} context
 * @returns {import("../charts/table.js").Table}
 */
const pairsTable = (pairs, side, { words: { t }, format }) => ({
  columns: [
    { label: t("baskets.colFirst") },
    { label: t("baskets.colThen") },
    ...["colBaskets", "confidence", "lift"].map((key) => ({ label: t(`baskets.${key}`), align: /** @type {const} */ ("right") })),
  ],
  rows: pairs.map((rule) => [side(rule.antecedent), side(rule.consequent), format.count(rule.baskets), format.exactShare(rule.confidence), format.decimal(rule.lift)]),
});

/** @param {BasketResult} result @param {(item: number) => string} name @param {Context} context */
function sequences(result, name, context) {
  const { sequences } = result;
  const { words, actions, format } = context;
  const { t } = words;
  if (!sequences) return nothing;
  /** Who went on to buy it (0), or did not (1). */
  const pick = (/** @type {Sequence} */ row, /** @type {0 | 1} */ which, /** @type {string} */ text) => {
    const where = sequenceWheres(result, row)?.[which];
    if (!where) return text;
    const say = () => t(which === 0 ? "selection.then" : "selection.notThen", { first: name(row.first), then: name(row.then), days: format.count(sequences.windowDays) });
    const n = which === 0 ? row.followed : row.exposed - row.followed;
    return cellPick(text, t("pick.size", { name: say(), n, count: format.count(n) }), isChosen(context, where), () => actions.choose(where, say), which === 0 ? "cell-pick" : "row-pick");
  };
  const table = (/** @type {Sequence[]} */ rows, /** @type {boolean} */ again) => html`<div class="scroll tall" tabindex="0" role="region" aria-label=${t(again ? "baskets.againTitle" : "baskets.sequencesTitle", { days: format.count(sequences.windowDays) })}>
    <table class="ruled" data-roam>
      <thead>
        <tr>
          <th scope="col">${t(again ? "baskets.colAgain" : "baskets.colAfter")}</th>${again ? nothing : html`<th scope="col">${t("baskets.colFollows")}</th>`}
          ${["colFollowed", "confidence", ...(again ? [] : ["colBase", "lift"]), "colMedian", "colMost"].map((key) => html`<th scope="col" class="right" title=${t(`baskets.${key}.text`)}>${t(`baskets.${key}`)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${cut(context, rows.slice(0, 30)).map(
          (row) => html`<tr>
            <th scope="row">${pick(row, 1, name(row.first))}</th>${again ? nothing : html`<td>${name(row.then)}</td>`}
            <td class="right">${pick(row, 0, t("time.parts", { a: format.count(row.followed), b: format.count(row.exposed) }))}</td><td class="right">${format.exactShare(row.confidence)}</td>
            ${again ? nothing : html`<td class="right">${format.exactShare(row.base)}</td><td class="right">${format.decimal(row.lift)}</td>`}
            <td class="right">${format.count(row.medianDays)}</td><td class="right">${format.count(row.mostDays)}</td>
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
  return html`<section>
      <h2>${t("baskets.sequencesTitle", { days: format.count(sequences.windowDays) })}</h2>
      <p class="sub">${t("baskets.sequencesSub", { customers: format.count(sequences.customers), until: format.day(sequences.until), total: format.count(sequences.total) })}</p>
      ${sequences.rows.length > 0 ? html`<p class="caption page-only">${t("baskets.pickThen")}</p>${table(sequences.rows, false)}` : html`<p>${t("baskets.noSequences")}</p>`}
      <p class="buttons">
        <button type="button" class="plain" @click=${() => actions.exportTable("sequences")}>${t("baskets.exportSequences")}</button>
        <button type="button" class="plain" @click=${() => actions.exportTable("offers")}>${t("baskets.exportOffers")}</button>
        ${consentRule(context)}
      </p>
    </section>
    ${sequences.again.length > 0
      ? html`<section>
          <h2>${t("baskets.againTitle", { days: format.count(sequences.windowDays) })}</h2>
          <p class="sub">${t("baskets.againSub")}</p>
          ${table(sequences.again, true)}
        </section>`
      : nothing}`;
}
