/** RFM in plain JavaScript, as a careful developer writes it behind a CSV parser. */

/**
 * What every contestant has to deliver: scores a customer, and three totals to agree on.
 *
 * @typedef {object} Scored
 * @property {number} customers with at least one purchase
 * @property {number} orders of theirs
 * @property {number} net revenue of theirs
 * @property {ArrayLike<string>} customer
 * @property {ArrayLike<number>} r from 1 to 5
 * @property {ArrayLike<number>} f
 * @property {ArrayLike<number>} m
 */

const BINS = 5;

/**
 * Takes rows as arrays of strings and scores their customers in the end.
 *
 * @param {string[]} header
 * @param {import("./layouts.js").Layout} layout
 */
export function scorer(header, layout) {
  const at = (/** @type {string | null} */ name) => (name === null ? -1 : header.indexOf(name));
  const customerAt = at(layout.customer);
  const orderAt = at(layout.order);
  const dateAt = at(layout.date);
  const amountAt = at(layout.amount);
  const quantityAt = at(layout.quantity);
  const priceAt = at(layout.price);

  /** @type {Map<string, number>} */
  const index = new Map();
  /** @type {string[]} */
  const names = [];
  /** @type {number[]} */
  const lastDay = [];
  /** @type {number[]} */
  const orders = [];
  /** @type {number[]} */
  const revenue = [];
  const seen = new Set();
  let dateText = "";
  let day = NaN;

  /** @param {string[]} row */
  function add(row) {
    const name = row[customerAt];
    if (!name) return;
    const items = amountAt < 0;
    const text = items ? row[quantityAt] : row[amountAt];
    const amount = items ? Number(text) * Number(row[priceAt]) : Number(text);
    // A line item at price 0 is free; an order total of 0 is an order.
    if (text === "" || Number.isNaN(amount) || (items && amount === 0)) return;
    if (row[dateAt] !== dateText) {
      dateText = row[dateAt];
      day = dayOf(dateText, layout.dates);
    }
    if (Number.isNaN(day)) return;
    let i = index.get(name);
    if (i === undefined) {
      i = names.length;
      index.set(name, i);
      names.push(name);
      lastDay.push(-Infinity);
      orders.push(0);
      revenue.push(0);
    }
    revenue[i] += amount;
    if (amount < 0) return;
    if (day > lastDay[i]) lastDay[i] = day;
    const key = orderAt < 0 ? `${name} ${day}` : row[orderAt];
    if (!seen.has(key)) {
      seen.add(key);
      orders[i] += 1;
    }
  }

  /** @returns {Scored} */
  function finish() {
    const buyers = orders.flatMap((count, i) => (count > 0 ? [i] : []));
    const pick = (/** @type {number[]} */ values) => Float64Array.from(buyers, (i) => values[i]);
    const [days, counts, money] = [pick(lastDay), pick(orders), pick(revenue)];
    return {
      customers: buyers.length,
      orders: counts.reduce((sum, count) => sum + count, 0),
      net: money.reduce((sum, amount) => sum + amount, 0),
      customer: buyers.map((i) => names[i]),
      r: scores(days),
      f: scores(counts),
      m: scores(money),
    };
  }

  return { add, finish };
}

/**
 * 1 + floor(bins x (customers strictly worse) / customers).
 *
 * @param {Float64Array} values the larger, the better
 * @returns {Uint8Array}
 */
function scores(values) {
  const sorted = values.slice().sort();
  return Uint8Array.from(values, (value) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] < value) low = middle + 1;
      else high = middle;
    }
    return 1 + Math.floor((BINS * low) / sorted.length);
  });
}

/**
 * Days since 1970.
 *
 * @param {string} text
 * @param {"ymd" | "dmy" | "mdy"} dates
 */
function dayOf(text, dates) {
  const [a, b, c] = /^\d{8}$/.test(text)
    ? [text.slice(0, 4), text.slice(4, 6), text.slice(6)]
    : text.split(/[^0-9]+/, 3);
  const [y, m, d] = dates === "ymd" ? [a, b, c] : dates === "dmy" ? [c, b, a] : [c, a, b];
  return Date.UTC(Number(y), Number(m) - 1, Number(d)) / 86_400_000;
}
