/** What all pictures drawn with Observable Plot share: type, margins, few ticks, tokens for colours. */

import { cell, plot } from "@observablehq/plot";

/** Colours are tokens of the style sheet, so that a picture follows the theme without being drawn anew. */
export const INK = "var(--ink)";
export const MUTED = "var(--muted)";
export const LINE = "var(--line)";
export const QUANTITY = "var(--q4)";
export const QUANTITY_LIGHT = "var(--q2)";
export const PAPER = "var(--paper)";
export const WORSE = "var(--worse)";
/** The one colour of what is selected. */
export const SELECTED = "var(--accent)";

/** What marks a part of a picture as one to be picked; its key follows. */
export const PICK = "pick:";

/** @typedef {import("../picks.js").Picked} Picked */

/**
 * Columns over the whole height that can be picked, one a row, named by what hovering says.
 * @param {{ key: string, x: any, says: string }[]} rows
 */
export const pickColumns = (rows) => cell(rows, { x: "x", fill: "transparent", inset: 0, ariaLabel: (/** @type {{ key: string }} */ row) => PICK + row.key, title: "says" });

/** A direct label: haloed, so that it reads over lines. */
export const LABEL = { fill: INK, stroke: PAPER, strokeWidth: 4, paintOrder: "stroke", fontSize: 13 };

/**
 * @param {number} width
 * @param {import("@observablehq/plot").PlotOptions} options
 * @returns {SVGSVGElement | HTMLElement}
 */
export const draw = (width, options) =>
  /** @type {SVGSVGElement | HTMLElement} */ (
    plot({
      width,
      marginLeft: 48,
      marginRight: 16,
      marginTop: 24,
      marginBottom: 36,
      className: "plot",
      style: { background: "none", fontFamily: "inherit", fontSize: "13px", color: "var(--muted)", overflow: "visible" },
      ...options,
    })
  );

/** A part of a picture is pressed by keys as a button is. @param {KeyboardEvent} event @param {() => void} run */
export const onKey = (event, run) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  run();
};

/** @param {number} width */
export const isNarrow = (width) => width < 480;
