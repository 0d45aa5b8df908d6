/** The state of the page: what is selected can be undone step by step, and all that was said is said anew in another language. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { initialState, select, translated, undo } from "../../www/state.js";

/** @import { State } from "../../www/state.js" */

/** @param {State} state @param {string | null} segment @returns {State} */
const pick = (state, segment) => ({ ...state, ...select(state, segment === null ? null : { where: { segment }, say: () => segment }) });

/** @param {State} state @returns {State} */
const back = (state) => ({ ...state, ...undo(state) });

/** @param {State} state */
const chosen = ({ selection }) => selection?.where.segment ?? null;

test("undo gives back what was selected before, one step at a time", () => {
  let state = ["champions", "lost", "lost", "new", null].reduce(pick, initialState());
  const seen = [];
  for (let i = 0; i < 7; i++) {
    seen.push(chosen(state));
    state = back(state);
  }
  // What was chosen twice was let go of.
  assert.deepEqual(seen, [null, "new", null, "lost", "champions", null, null]);
  assert.deepEqual(undo(initialState()), {}, "where nothing was selected, nothing is counted anew");
});

test("what the choices come to is said in the language of now", () => {
  const state = initialState();
  const ledger = /** @type {any} */ ({ understood: [{ code: "a", params: {}, text: "old" }] });
  const said = translated({ ...state, trial: { ...state.trial, ledger } }, (result) => (result === ledger ? /** @type {any} */ ("new") : result));
  assert.equal(said.trial?.ledger, "new");
});
