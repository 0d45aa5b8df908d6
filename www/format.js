/** Numbers, money, days and sizes by `Intl`: short ones for sentences, exact ones for tables. */

/**
 * @typedef {object} Format
 * @property {(n: number | null | undefined) => string} count  exact, grouped
 * @property {(n: number | null | undefined) => string} number  at most three significant digits
 * @property {(n: number | null | undefined) => string} money  for sentences: broken amounts below 100 as in tables, else whole and at most three significant digits, in words from a million
 * @property {(n: number | null | undefined) => string} cents  money with the decimals of its currency, for tables
 * @property {(n: number | null | undefined) => string} axisMoney  as short as can be
 * @property {(n: number | null | undefined) => string} axisCount
 * @property {(n: number | null | undefined) => string} share  of 0 to 1
 * @property {(n: number | null | undefined) => string} exactShare
 * @property {(n: number | null | undefined, digits?: number) => string} decimal
 * @property {(n: number | null | undefined) => string} plain  grouped, with up to two decimals
 * @property {(n: number | null | undefined) => string} signed
 * @property {(n: number | null | undefined) => string} signedShare
 * @property {(day: string | null | undefined) => string} day  9 December 2011
 * @property {(day: string | null | undefined) => string} shortDay
 * @property {(month: string) => string} month  of `2011-12`
 * @property {(month: string) => string} shortMonth
 * @property {(bytes: number) => string} bytes
 * @property {(seconds: number) => string} duration
 * @property {(parts: string[]) => string} list
 * @property {string} currency
 */

const NONE = "–";

/** Figures and Latin letters stand apart from Chinese characters. @param {string} left @param {string} right */
const spaced = (left, right) => (/\p{Script=Han}$/u.test(left) && /^[\dA-Za-z]/.test(right) ? `${left} ${right}` : left + right);

/** @param {string | null | undefined} day @returns {Date | null} noon in UTC, so that no zone shifts it */
export const toDate = (day) => {
  const date = day ? new Date(`${day.slice(0, 10)}T12:00:00Z`) : null;
  return date && !Number.isNaN(date.getTime()) ? date : null;
};

/**
 * @param {string} locale
 * @param {string} currency  ISO code or a sign such as `$`, or "" where it is not known
 * @param {number} [scale]  decimals of the file's money
 * @returns {Format}
 */
export function createFormat(locale, currency, scale = 2) {
  // A file may say no more than “$”: the sign then stands where a currency of nobody's has its own.
  const isCode = /^[A-Z]{3}$/.test(currency);
  /** @type {(options?: Intl.NumberFormatOptions) => (n: number | null | undefined) => string} */
  const numbers = (options) => {
    const format = new Intl.NumberFormat(locale, options);
    const written = options?.style !== "currency" || isCode
      ? (/** @type {number} */ n) => format.format(n)
      : (/** @type {number} */ n) => format.formatToParts(n).map(({ type, value }) => (type === "currency" ? currency : value)).join("").replace(`${currency}\u00a0`, /\p{L}/u.test(currency) ? "$&" : currency.replace("$", "$$$$"));
    return (n) => (n === null || n === undefined || !Number.isFinite(n) ? NONE : written(n));
  };
  /** @type {(options: Intl.DateTimeFormatOptions) => (day: string | null | undefined) => string} */
  const days = (options) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
    return (day) => {
      const date = toDate(day);
      return date ? format.format(date) : NONE;
    };
  };
  /** @type {Intl.NumberFormatOptions} */
  const unit = currency ? { style: "currency", currency: isCode ? currency : "XXX", currencyDisplay: "narrowSymbol" } : {};
  const digits = { maximumSignificantDigits: 3 };
  // Chinese counts in ten thousands.
  const wordsFrom = locale.startsWith("zh") ? 10_000 : 999_500;
  const cents = numbers(currency ? unit : { minimumFractionDigits: Math.min(scale, 2), maximumFractionDigits: Math.min(scale, 2) });
  const small = numbers({ ...unit, ...digits });
  const large = numbers({ ...unit, ...digits, notation: "compact", compactDisplay: "long" });
  const wholeShare = numbers({ style: "percent", maximumFractionDigits: 0 });
  const fineShare = numbers({ style: "percent", maximumFractionDigits: 1 });
  const fullMonth = days({ month: "long", year: "numeric" });
  const shortMonth = days({ month: "short", year: "2-digit" });
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  return {
    currency,
    count: numbers({ maximumFractionDigits: 0 }),
    number: numbers(digits),
    money: (n) => (Math.abs(n ?? 0) >= wordsFrom ? large(n) : n && n % 1 && Math.abs(n) < 100 ? cents(n) : small(n)),
    cents,
    axisMoney: numbers({ ...unit, notation: "compact", maximumSignificantDigits: 3 }),
    axisCount: numbers({ notation: "compact", maximumFractionDigits: 1 }),
    share: (n) => (Math.abs(n ?? 0) < 0.1 ? fineShare(n) : wholeShare(n)),
    exactShare: numbers({ style: "percent", signDisplay: "negative", minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    decimal: (n, places = 2) => numbers({ minimumFractionDigits: places, maximumFractionDigits: places })(n),
    plain: numbers({ maximumFractionDigits: 2 }),
    signedShare: numbers({ style: "percent", signDisplay: "exceptZero", minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    signed: numbers({ signDisplay: "exceptZero", maximumSignificantDigits: 3 }),
    day: days({ day: "numeric", month: "long", year: "numeric" }),
    shortDay: days({ day: "numeric", month: "short", year: "numeric" }),
    month: (month) => fullMonth(`${month}-01`),
    shortMonth: (month) => shortMonth(`${month}-01`),
    bytes: (bytes) =>
      bytes < 1e6
        ? numbers({ style: "unit", unit: "kilobyte", maximumFractionDigits: 0 })(bytes / 1e3)
        : numbers({ style: "unit", unit: "megabyte", maximumFractionDigits: 1 })(bytes / 1e6),
    duration: (seconds) =>
      seconds < 90
        ? numbers({ style: "unit", unit: "second", unitDisplay: "long", maximumFractionDigits: 0 })(Math.max(1, Math.round(seconds)))
        : numbers({ style: "unit", unit: "minute", unitDisplay: "long", maximumFractionDigits: 0 })(Math.round(seconds / 60)),
    list: (parts) => list.formatToParts(parts).reduce((text, { type, value }) => spaced(/[\dA-Za-z]$/.test(text) && type === "literal" && /^\p{Script=Han}/u.test(value) ? `${text} ` : text, value), ""),
  };
}

/** Currencies offered first, by how often shop exports carry them. */
export const CURRENCIES = ["EUR", "USD", "GBP", "CNY", "TWD", "HKD", "JPY", "CHF", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "INR", "BRL"];
