/** The table behind a picture, as a template and as plain rows. */

import { html } from "lit";

/** @typedef {{ label: string, align?: "left" | "right" }} Column */
/** @typedef {{ columns: Column[], rows: unknown[][] }} Table  cells are texts or templates */

/**
 * @param {Table} table
 * @param {string} label
 */
export const dataTable = ({ columns, rows }, label) =>
  html`<div class="scroll" tabindex="0" role="region" aria-label=${label}>
    <table class="ruled">
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col" class=${column.align ?? "left"}>${column.label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) =>
                i === 0
                  ? html`<th scope="row" class=${columns[i]?.align ?? "left"}>${cell}</th>`
                  : html`<td class=${columns[i]?.align ?? "left"}>${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
