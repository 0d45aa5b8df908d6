/** Which column of a file says what: known files by their header, others by flags. */

/**
 * @typedef {object} Layout
 * @property {string} customer
 * @property {string | null} order null: an order is a customer-day
 * @property {string} date
 * @property {"ymd" | "dmy" | "mdy"} dates the order of day, month and year
 * @property {string | null} amount of the row; null: quantity times price
 * @property {string | null} quantity
 * @property {string | null} price
 */

/** @type {{ name: string, layout: Layout }[]} */
const KNOWN = [
  {
    name: "Online Retail",
    layout: {
      customer: "CustomerID",
      order: "InvoiceNo",
      date: "InvoiceDate",
      dates: "ymd",
      amount: null,
      quantity: "Quantity",
      price: "UnitPrice",
    },
  },
  {
    name: "Online Retail II",
    layout: {
      customer: "Customer ID",
      order: "Invoice",
      date: "InvoiceDate",
      dates: "ymd",
      amount: null,
      quantity: "Quantity",
      price: "Price",
    },
  },
];

/** The flags of `cargo xtask bench`, by which a layout is described. */
export const FLAGS = /** @type {const} */ ({
  customer: { type: "string" },
  order: { type: "string" },
  date: { type: "string" },
  dates: { type: "string" },
  amount: { type: "string" },
  quantity: { type: "string" },
  price: { type: "string" },
});

/** @param {Layout} layout @returns {string[]} the columns it names */
const named = ({ customer, order, date, amount, quantity, price }) =>
  [customer, order, date, amount, quantity, price].filter((name) => name !== null);

/**
 * @param {string[]} header
 * @param {Partial<Record<keyof Layout, string>>} flags
 * @returns {{ name: string, layout: Layout }}
 */
export function layoutOf(header, flags) {
  const known = KNOWN.find(({ layout }) => named(layout).every((name) => header.includes(name)));
  const given = Object.keys(flags).some((flag) => flag in FLAGS);
  if (!given && known) return known;
  const { customer, date, amount = null, quantity = null, price = null, order = null, dates = "ymd" } = flags;
  if (!customer || !date || (amount === null) === (quantity === null || price === null)) {
    throw new Error(
      `The columns are ${header.join(", ")}. Say which is which: --customer NAME --date NAME` +
        " and --amount NAME or --quantity NAME --price NAME; also --order NAME, --dates ymd|dmy|mdy.",
    );
  }
  const layout = /** @type {Layout} */ ({ customer, order, date, dates, amount, quantity, price });
  const absent = named(layout).filter((name) => !header.includes(name));
  if (absent.length > 0) throw new Error(`There is no column ${absent.join(", ")}; there are ${header.join(", ")}.`);
  return { name: "as the flags say", layout };
}
