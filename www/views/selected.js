/** What the selected customers are like, in every view that speaks of customers. */

import { nothing } from "lit";
import { profile } from "./segments/profile.js";

/** @param {import("./parts.js").Context} context */
export function selectedHere(context) {
  const { selection, view } = context.state;
  if (!selection || view === "report") return nothing;
  return profile(context, selection.where, selection.say);
}
