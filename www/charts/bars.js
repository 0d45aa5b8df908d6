/** Bars in rows of HTML: parts of a whole with direct labels, and lists with a bar behind each figure. */

import { html, nothing } from "lit";

/**
 * @typedef {object} Part
 * @property {number} share  of the row's width, 0 to 1
 * @property {string} colour  a token
 * @property {string} label
 * @property {boolean} [strong]  the part that the sentence speaks of
 */

/**
 * Rows of stacked parts; the strong part's label stands above its bar.
 * @param {{ name: string, parts: Part[] }[]} rows
 * @param {string} label
 */
export const stackedRows = (rows, label) =>
  html`<div class="stacks" role="img" aria-label=${label}>
    ${rows.map(
      ({ name, parts }) =>
        html`<div class="stack">
          <div class="stack-name">
            <span>${name}</span>
          </div>
          <div class="stack-bar">
            ${parts.map(
              (part) =>
                html`<span style="width:${(part.share * 100).toFixed(2)}%;background:var(${part.colour})" class=${part.strong ? "strong" : ""}></span>`,
            )}
          </div>
          <div class="stack-labels">
            ${parts.map((part, i) =>
              part.label
                ? html`<span style=${i === parts.length - 1 && i > 0 ? "margin-left:auto" : ""}>
                    <i style="background:var(${part.colour})"></i>${part.label}</span
                  >`
                : nothing,
            )}
          </div>
        </div>`,
    )}
  </div>`;

/**
 * Names with a bar and a figure, largest first as they come.
 * @param {{ name: unknown, share: number, value: string, colour?: string }[]} rows  `share` of the longest bar
 * @param {string} label
 */
export const barList = (rows, label) =>
  html`<ul class="bars" aria-label=${label}>
    ${rows.map(
      ({ name, share, value, colour }) =>
        html`<li>
          <span class="bar-name">${name}</span>
          <span class="bar-track"><i style="width:${Math.max(0, share * 100).toFixed(2)}%;background:var(${colour ?? "--q4"})"></i></span>
          <span class="bar-value">${value}</span>
        </li>`,
    )}
  </ul>`;
