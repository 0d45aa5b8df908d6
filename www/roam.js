/** Tab leads into a picture or a table of marks once, arrows from mark to mark. */

const MARKS = 'button, [role="button"]';

/** @type {Record<string, number>} */
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Lets Tab reach one mark of each group in which it reaches none; the others are made with -1. @param {ParentNode} root */
export function reach(root) {
  for (const group of root.querySelectorAll("[data-roam]")) {
    if (!group.querySelector('[tabindex="0"]')) (group.querySelector('[aria-pressed="true"]') ?? group.querySelector(MARKS))?.setAttribute("tabindex", "0");
  }
}

/** The next mark above or below, if there is one in the same column. @param {Element[]} marks @param {Element} from @param {number} step */
function inColumn(marks, from, step) {
  const { left, right, top } = from.getBoundingClientRect();
  const middle = (left + right) / 2;
  let [found, least] = [/** @type {Element | null} */ (null), Infinity];
  for (const mark of marks) {
    const box = mark.getBoundingClientRect();
    const far = (box.top - top) * step;
    if (far > 1 && far < least && box.left < middle && middle < box.right) [found, least] = [mark, far];
  }
  return found;
}

/** @param {Document} document */
export function watchRoaming(document) {
  /** The group that an event happens in, where it happens on a mark. @param {Event} event */
  const groupOf = ({ target }) => (target instanceof Element && target.matches(MARKS) ? target.closest("[data-roam]") : null);
  document.addEventListener("focusin", (event) => {
    const group = groupOf(event);
    group?.querySelectorAll('[tabindex="0"]').forEach((mark) => mark.setAttribute("tabindex", "-1"));
    if (group) /** @type {Element} */ (event.target).setAttribute("tabindex", "0");
  });
  document.addEventListener("keydown", (event) => {
    const group = groupOf(event);
    const step = STEPS[event.key];
    if (!group || !step) return;
    event.preventDefault();
    const from = /** @type {Element} */ (event.target);
    const marks = [...group.querySelectorAll(MARKS)];
    const beside = marks[marks.indexOf(from) + step];
    const next = event.key.endsWith("t") ? beside : (inColumn(marks, from, step) ?? beside);
    /** @type {HTMLElement | undefined} */ (next)?.focus();
  });
}
