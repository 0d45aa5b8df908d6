/** Time zones as the engine takes them: the moments at which the clocks of a zone change, by the rules of `Intl`. */

import { RegularsError } from "./errors.js";

/** What is looked at: no shop has older orders, and rules for later years are guesses. */
const [FIRST, LAST] = [Date.UTC(1995, 0, 1), Date.UTC(2040, 0, 1)];
/** No zone changes its clocks twice within so long but to keep a fast of a month. */
const STEP = 14 * 86_400_000;
const MINUTE = 60_000;

/** @typedef {{ name: string, from: number[], offset: number[] }} Zone */

/** @type {Map<string, Zone>} */
const known = new Map();

/**
 * The table of a zone such as `Europe/Berlin`.
 *
 * @param {string} name as the IANA database has it
 * @returns {Zone}
 */
export function zoneOf(name) {
  let zone = known.get(name);
  if (!zone) known.set(name, (zone = tableOf(name)));
  return zone;
}

/** @param {string} name @returns {Zone} */
function tableOf(name) {
  /** @type {Intl.DateTimeFormat} */
  let format;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: name, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    });
  } catch {
    throw new RegularsError("unknown-zone", { zone: name });
  }
  /** Seconds east of UTC. @param {number} time in milliseconds, a whole minute */
  const offsetAt = (time) => {
    const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = format.format(time).split(/\D+/).map(Number);
    return (Date.UTC(year, month - 1, day, hour, minute, second) - time) / 1000;
  };
  let last = offsetAt(FIRST);
  const zone = { name, from: [FIRST / 1000], offset: [last] };
  for (let time = FIRST; time < LAST; time += STEP) {
    const next = offsetAt(time + STEP);
    if (next === last) continue;
    let [before, after] = [time, time + STEP];
    while (after - before > MINUTE) {
      const middle = before + Math.floor((after - before) / (2 * MINUTE)) * MINUTE;
      if (offsetAt(middle) === last) before = middle;
      else after = middle;
    }
    zone.from.push(after / 1000);
    zone.offset.push(next);
    last = next;
  }
  return zone;
}
