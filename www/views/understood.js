/** What the file was understood to be: sentences, questions, columns with their roles, the first rows. */

import { html, nothing } from "lit";
import { notices } from "./parts.js";

/** @import { Role } from "../../pkg/types.d.ts" */

/** Roles in the order in which they are offered. @type {Role[]} */
export const ROLES = [
  "customerId", "email", "phone", "orderId", "orderDate", "orderTime", "amount", "adjustedAmount", "quantity", "unitPrice", "product",
  "category", "refund", "status", "currency", "channel", "country", "referrer", "discount", "cost", "consent", "reason", "label", "attribute",
];

/** @param {import("./parts.js").Context} context */
export function understoodView({ state, words, actions, format }) {
  const { t } = words;
  const { found } = state;
  if (!found) return nothing;
  const open = found.questions.filter((question) => !state.answers[question.id]);
  const changed = found.columns.some((column) => (column.role ?? null) !== (state.roles[column.index] ?? null));
  return html`<section class="understood">
    <header class="opening">
      <p class="kicker">${state.file?.name} · ${format.bytes(found.bytes)}</p>
      <h1 tabindex="-1">${t("understood.title")}</h1>
    </header>
    <ul class="sentences">
      ${found.understood.map((message) => html`<li>${message.text}</li>`)}
    </ul>
    ${found.questions.length > 0
      ? html`<section class="questions" aria-label=${t("understood.questions")}>
          <h2>${t("understood.questions", { n: found.questions.length })}</h2>
          ${found.questions.map(
            (question) =>
              html`<fieldset>
                <legend>${question.text}</legend>
                ${question.choices.map(
                  (choice) =>
                    html`<label class="choice">
                      <input
                        type="radio"
                        name=${question.id}
                        .checked=${state.answers[question.id] === choice.value}
                        @change=${() => actions.answer(question.id, choice.value)}
                      />
                      <span>${choice.text}</span>
                    </label>`,
                )}
              </fieldset>`,
          )}
        </section>`
      : nothing}
    <p class="go">
      <button type="button" class="primary" ?disabled=${open.length > 0} @click=${actions.load}>${t("understood.use")}</button>
      <button type="button" class="quiet" @click=${actions.startOver}>${t("understood.other")}</button>
      ${open.length > 0 ? html`<span class="caption">${t("understood.answerFirst", { n: open.length })}</span>` : nothing}
      ${changed ? html`<span class="caption">${t("understood.changed")}</span>` : nothing}
    </p>
    ${notices(found.notices)}
    <h2>${t("understood.columns")}</h2>
    <p class="sub">${t("understood.columnsSub")}</p>
    ${columnTable({ found, roles: state.roles, words, format, setRole: actions.setRole })}
    <h2>${t("understood.preview")}</h2>
    <p class="sub">${t("understood.previewSub", { rows: format.count(found.preview.rows.length), total: format.count(found.rows) })}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("understood.preview")}>
      <table class="ruled preview">
        <thead>
          <tr>
            ${(found.preview.header ?? found.columns.map((column) => column.name)).map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${found.preview.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
  </section>`;
}

/**
 * Columns with their roles; a select each.
 * @param {object} options
 * @param {import("../../pkg/types.d.ts").Found} options.found
 * @param {(Role | null)[]} options.roles
 * @param {import("../words.js").Words} options.words
 * @param {import("../format.js").Format} options.format
 * @param {(column: number, role: Role | null) => void} options.setRole
 */
export const columnTable = ({ found, roles, words, format, setRole }) => {
  const { t } = words;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("understood.columns")}>
    <table class="ruled columns">
      <thead>
        <tr>
          <th scope="col">${t("columns.name")}</th>
          <th scope="col">${t("columns.role")}</th>
          <th scope="col">${t("columns.samples")}</th>
          <th scope="col" class="right">${t("columns.filled")}</th>
        </tr>
      </thead>
      <tbody>
        ${found.columns.map((column) => {
          const role = roles[column.index] ?? null;
          return html`<tr class=${role ? "" : "unused"}>
            <th scope="row">${column.name}</th>
            <td>
              <select
                aria-label=${t("columns.roleOf", { name: column.name })}
                @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) =>
                  setRole(column.index, /** @type {Role} */ (e.currentTarget.value) || null)}
              >
                <option value="" ?selected=${role === null}>${t("role.none")}</option>
                ${ROLES.map((id) => html`<option value=${id} ?selected=${role === id}>${t(`role.${id}`)}</option>`)}
              </select>
            </td>
            <td class="samples">${column.samples.slice(0, 3).join(" · ")}</td>
            <td class="right">${found.rows > 0 ? format.share(column.filled / found.rows) : ""}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
};
