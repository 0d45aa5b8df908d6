/** A drawn picture as an SVG or PNG file of its own, a table as CSV. */

/** Style that a picture takes from the page's sheet and has to carry along; what is inherited is written once. */
const INHERITED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-family", "font-size", "font-weight", "font-variant-numeric", "text-anchor", "color"];
const OWN = ["opacity", "fill-opacity", "stroke-opacity", "paint-order", "stroke-linejoin"];
const MARGIN = 24;

/**
 * @param {SVGSVGElement} svg
 * @param {string} heading
 * @param {string} sub
 * @param {Element[]} [keys]  marks below the picture that say what its colours stand for
 */
export function svgText(svg, heading, sub, keys = []) {
  const view = svg.ownerDocument.defaultView;
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const from = [svg, ...svg.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((element, i) => {
    const style = view?.getComputedStyle(element);
    const target = to[i];
    if (!style || !target) return;
    const above = i > 0 && element.parentElement ? view?.getComputedStyle(element.parentElement) : null;
    const carried = INHERITED.filter((name) => style.getPropertyValue(name) !== above?.getPropertyValue(name));
    const text = [...carried, ...OWN.filter((name) => element.hasAttribute(name))].map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
    for (const name of [...INHERITED, ...OWN, "tabindex", "role"]) target.removeAttribute(name);
    if (text) target.setAttribute("style", text);
    else target.removeAttribute("style");
  });
  for (const sheet of copy.querySelectorAll("style, [data-pick]")) sheet.remove();
  const box = svg.getBoundingClientRect();
  const style = view?.getComputedStyle(svg.ownerDocument.body);
  const space = "http://www.w3.org/2000/svg";
  const whole = svg.ownerDocument.createElementNS(space, "svg");
  const width = Math.ceil(box.width) + 2 * MARGIN;
  const top = MARGIN + (heading ? 28 : 0) + (sub ? 20 : 0);
  const places = keys.map((key) => key.getBoundingClientRect());
  const foot = top + Math.ceil(box.height) + 12;
  const height = foot + (places.length > 0 ? (places.at(-1)?.bottom ?? 0) - (places[0]?.top ?? 0) : 0) + MARGIN - 12;
  whole.setAttribute("width", String(width));
  whole.setAttribute("height", String(height));
  whole.setAttribute("viewBox", `0 0 ${width} ${height}`);
  const ground = svg.ownerDocument.createElementNS(space, "rect");
  ground.setAttribute("width", "100%");
  ground.setAttribute("height", "100%");
  ground.setAttribute("fill", style?.backgroundColor ?? "white");
  whole.append(ground);
  const line = (/** @type {string} */ text, /** @type {number} */ y, /** @type {string} */ font, x = MARGIN) => {
    const node = svg.ownerDocument.createElementNS(space, "text");
    node.setAttribute("x", String(x));
    node.setAttribute("y", String(y));
    node.setAttribute("fill", style?.color ?? "black");
    node.setAttribute("style", `font:${font} ${style?.fontFamily ?? "sans-serif"}`);
    node.textContent = text;
    whole.append(node);
  };
  if (heading) line(heading, MARGIN + 14, "600 18px");
  if (sub) line(sub, MARGIN + (heading ? 38 : 14), "400 13px");
  keys.forEach((key, i) => {
    const { left = 0, top: above = 0 } = places[i] ?? {};
    const [x, y] = [MARGIN + left - box.left, foot + above - (places[0]?.top ?? 0)];
    const mark = svg.ownerDocument.createElementNS(space, "rect");
    const square = { x, y, width: 12, height: 12, fill: view?.getComputedStyle(key).backgroundColor };
    for (const [name, value] of Object.entries(square)) mark.setAttribute(name, String(value));
    whole.append(mark);
    line(key.parentElement?.textContent?.trim() ?? "", y + 11, "400 13px", x + 18);
  });
  copy.setAttribute("x", String(MARGIN));
  copy.setAttribute("y", String(top));
  copy.setAttribute("width", String(box.width));
  copy.setAttribute("height", String(box.height));
  whole.append(copy);
  return new XMLSerializer().serializeToString(whole);
}

/**
 * @param {string} text an SVG document
 * @returns {Promise<Blob>}
 */
export async function pngOf(text) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * 2;
  canvas.height = image.naturalHeight * 2;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("png"))), "image/png");
  });
}

/**
 * Text cells are made safe against formula injection; figures stay as they are.
 * @param {import("./table.js").Table} table
 */
export function tableCsv({ columns, rows }) {
  const cell = (/** @type {unknown} */ value) => {
    const text = typeof value === "object" && value !== null ? plain(value) : String(value ?? "");
    const safe = /^[=+@\t\r]/.test(text) || /^-(?![\d.,])/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns.map((column) => column.label), ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}

/** The text of a template: its values that are texts. @param {object} template @returns {string} */
function plain(template) {
  const values = /** @type {{ values?: unknown[] }} */ (template).values ?? [];
  return values.filter((value) => typeof value === "string" || typeof value === "number").join(" ");
}
