/** What to do with a segment: the usual advice, or another where the segment's own figures speak against it. */

/** @import { Segment } from "../../../pkg/types.d.ts" */
/** @import { Words } from "../../words.js" */

/**
 * The middle of all customers, from those of the segments.
 * @param {Segment[]} segments
 * @param {"medianRecencyDays" | "medianRevenue"} figure
 */
function middle(segments, figure) {
  const known = segments.filter((segment) => segment[figure] !== null).sort((a, b) => (a[figure] ?? 0) - (b[figure] ?? 0));
  const half = known.reduce((sum, segment) => sum + segment.customers, 0) / 2;
  let passed = 0;
  return known.find((segment) => (passed += segment.customers) >= half)?.[figure] ?? 0;
}

/**
 * In which way a segment is not what its name says; "" where it is.
 * @param {Segment} segment
 * @param {Segment[]} segments
 */
export function deviation({ id, medianOrders, medianRecencyDays, medianRevenue }, segments) {
  if (medianOrders === null || medianRecencyDays === null || medianRevenue === null) return "";
  const once = medianOrders < 2;
  const late = medianRecencyDays > middle(segments, "medianRecencyDays");
  const small = medianRevenue < middle(segments, "medianRevenue");
  switch (id) {
    case "champions":
    case "loyal":
    case "at-risk":
    case "need-attention":
      return once ? "once" : "";
    case "potential-loyalist":
    case "promising":
      return late ? "late" : "";
    case "new":
    case "recent":
      return once ? "" : "again";
    case "hibernating":
    case "lost":
    case "inactive":
      return once ? "" : "again";
    case "cannot-lose-them":
      return small ? "small" : "";
    default:
      return "";
  }
}

/**
 * The advice and an idea for the text of a campaign; null where the segment is the user's own.
 * @param {Words} words @param {Segment} segment @param {Segment[]} segments
 */
export function advice(words, segment, segments) {
  const { id } = segment;
  if (!words.has(`action.${id}`) || segment.customers === 0) return null;
  const other = deviation(segment, segments);
  const usual = { action: words.t(`action.${id}`), campaign: words.t(`campaign.${id}`) };
  if (!other || !words.has(`action.${id}.${other}`)) return usual;
  const campaign = words.has(`campaign.${id}.${other}`) ? words.t(`campaign.${id}.${other}`) : usual.campaign;
  return { action: words.t(`action.${id}.${other}`), campaign };
}
