/** Says of each wide table at which edges it goes on, for the style sheet to show. */

const SCROLLERS = ".scroll, regular-table, .ruled.small";

/** @param {Element} element */
function mark(element) {
  const { scrollLeft, scrollWidth, clientWidth } = element;
  const left = scrollLeft > 4;
  // A virtual table is as wide as its room; what counts is where its drawn one ends.
  const table = element.localName === "regular-table" ? element.querySelector("table") : null;
  const right = table
    ? table.getBoundingClientRect().right - element.getBoundingClientRect().right > 4
    : scrollWidth - clientWidth - scrollLeft > 4;
  const more = left && right ? "both" : left ? "left" : right ? "right" : "";
  const html = /** @type {HTMLElement} */ (element);
  if (more) html.dataset.more = more;
  else delete html.dataset.more;
  // A small table scrolls by itself on narrow screens only; then it is reached by keys, too.
  if (element.localName !== "table") return;
  if (scrollWidth > clientWidth) html.tabIndex = 0;
  else html.removeAttribute("tabindex");
}

/**
 * Watches all wide tables there are and will be.
 * @param {HTMLElement} root
 */
export function watchEdges(root) {
  const sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) mark(target.matches(SCROLLERS) ? target : (target.closest(SCROLLERS) ?? target));
  });
  /** @type {WeakSet<Element>} */
  const known = new WeakSet();
  new MutationObserver(() => {
    for (const element of root.querySelectorAll(SCROLLERS)) {
      if (known.has(element)) continue;
      known.add(element);
      sizes.observe(element);
      if (element.firstElementChild) sizes.observe(element.firstElementChild);
    }
  }).observe(root, { childList: true, subtree: true });
  root.addEventListener(
    "scroll",
    ({ target }) => {
      if (target instanceof Element && target.matches(SCROLLERS)) mark(target);
    },
    { capture: true, passive: true },
  );
}
