/** Lists do not name by an address whoever may not be written to. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { openWorkspace } from "../../pkg/node.js";

const PEOPLE = [["yes", "ann@x.org", "+49 171 1234567"], ["no", "ben@x.org", "+49 171 1234568"], ["", "cy@x.org", "0171 1234569"]];

/** Three people of two orders each. @param {string} name @param {(person: string[]) => string | undefined} who */
const file = (name, who) =>
  new TextEncoder().encode(
    [`order_id,${name},order_date,total,accepts_marketing`]
      .concat([1, 2].flatMap((n) => PEOPLE.map((person, i) => `o${n}${i},${who(person)},2024-0${n}-1${i},${20 + i}.00,${person[0]}`)))
      .join("\n"),
  );

/** @param {Blob | Uint8Array} bytes */
const lines = (bytes) => new TextDecoder().decode(/** @type {Uint8Array} */ (bytes)).replace("\ufeff", "").trim().split("\r\n");

/** @param {Uint8Array} source */
async function lists(source) {
  const ws = await openWorkspace();
  try {
    await ws.load(source);
    const view = ws.at();
    const labels = { withheld: "(withheld)" };
    const columns = /** @type {const} */ (["customerId", "orders"]);
    return {
      plain: lines(await view.exportCsv({ what: "customers", columns: [...columns], labels })),
      contacts: lines(await view.exportCsv({ what: "customers", columns: [...columns], contacts: true })),
      moved: lines(await view.exportCsv({ what: "movement", from: "2024-02-01", labels })),
      counted: await view.customers({ columns: [], limit: 0, countConsent: true }),
      some: await view.customers({ columns: [], where: { customerId: { contains: "ann" } }, limit: 0, countConsent: true }),
      seen: await view.customers({ columns: ["customerId"] }),
    };
  } finally {
    await ws.close();
  }
}

test("where people are known by their e-mail, it is withheld of those who did not consent", async () => {
  const { plain, contacts, moved, counted, some, seen } = await lists(file("email", (person) => person[1]));
  assert.deepEqual(plain, ["customerId,orders", "ann@x.org,2", "(withheld),2", "(withheld),2"]);
  assert.deepEqual(contacts, ["customerId,orders,email", "ann@x.org,2,ann@x.org", "withheld,2,", "withheld,2,"]);
  assert.deepEqual(moved.slice(1).map((line) => line.split(",")[0]), ["ann@x.org", "(withheld)", "(withheld)"]);
  assert.deepEqual([counted.total, counted.withoutConsent], [3, 2]);
  assert.deepEqual([some.total, some.withoutConsent], [1, 0]);
  // On the machine itself nothing is hidden, and nobody counts unasked.
  assert.deepEqual([...(seen.columns.customerId ?? [])], ["ann@x.org", "ben@x.org", "cy@x.org"]);
  assert.equal(seen.withoutConsent, undefined);
});

test("a telephone number is an address, too; a customer number is none", async () => {
  const known = await lists(file("phone", (person) => person[2]));
  assert.deepEqual(known.plain.slice(1), ["+491711234567,2", "(withheld),2", "(withheld),2"]);
  const numbered = await lists(file("customer_id", (person) => `10${person[2]?.slice(-4)}`));
  assert.deepEqual(numbered.plain.slice(1).map((line) => line.slice(0, 2)), ["10", "10", "10"]);
});

test("a file without a column of consent is listed as it is", async () => {
  const ws = await openWorkspace();
  await ws.load(file("email", (person) => person[1]).subarray(0), { mapping: [{ role: "email", columns: [1] }, { role: "orderId", columns: [0] }, { role: "orderDate", columns: [2] }, { role: "amount", columns: [3] }] });
  const view = ws.at();
  assert.equal(lines(await view.exportCsv({ what: "customers", columns: ["customerId"] }))[2], "ben@x.org");
  assert.equal((await view.customers({ columns: [], limit: 0, countConsent: true })).withoutConsent, undefined);
  await ws.close();
});

test("a column of consent is known by its name in many languages and by its yes and no", async () => {
  const ws = await openWorkspace();
  /** @param {string} name @param {string[]} cells @param {string} [head] */
  const role = async (name, cells, head = "order_id,order_date,customer,total") => {
    const rows = Array.from({ length: 6 }, (_, i) => `${i},2024-01-0${i + 1},c${i % 3},${i + 5}.00,${cells[i % cells.length]}`);
    const found = await ws.inspect(new TextEncoder().encode([`${head},${name}`, ...rows].join("\n")));
    return found.columns.at(-1)?.role ?? null;
  };
  try {
    for (const name of ["Newsletter-Einwilligung", "Werbeeinwilligung", "Newsletteranmeldung", "E-Mail-Opt-In", "Opt_In_Status", "Double-Opt-In"]) assert.equal(await role(name, ["ja", "nein"]), "consent", name);
    for (const name of ["Consentement", "abonné newsletter"]) assert.equal(await role(name, ["oui", "non"]), "consent", name);
    for (const name of ["Consentimiento", "Acepta publicidad"]) assert.equal(await role(name, ["sí", "no"]), "consent", name);
    for (const name of ["Consenso marketing", "toestemming", "Zgoda marketingowa"]) assert.equal(await role(name, ["1", "0"]), "consent", name);
    for (const name of ["营销许可", "同意营销", "是否订阅", "接受营销"]) assert.equal(await role(name, ["是", "否"]), "consent", name);
    for (const name of ["メルマガ", "配信許可"]) assert.equal(await role(name, ["はい", "いいえ"]), "consent", name);
    // Where the shop's system is known by its other columns, too.
    assert.equal(await role("Newsletter-Einwilligung", ["ja", "nein"], "Name,Financial Status,Lineitem name,Lineitem quantity"), "consent");
    // Other cells: issues of a newsletter, how many of them, days.
    assert.notEqual(await role("Newsletter", ["Spring", "Autumn", "Gifts"]), "consent");
    assert.notEqual(await role("Newsletters", ["0", "1", "2", "7"]), "consent");
    assert.notEqual(await role("Double-Opt-In", ["2023-01-04", "2023-02-05"]), "consent");
  } finally {
    await ws.close();
  }
});
