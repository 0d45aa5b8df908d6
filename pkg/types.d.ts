/** Public types of the npm package `regulars`. Hand-kept; checked against the sources by `tsc`. */

/** A code with parameters; `text` is the sentence in the workspace's locale. */
export interface Message {
  code: string;
  params: Record<string, string | number | boolean | string[] | null>;
  text: string;
}

/** An ISO date, `YYYY-MM-DD`. */
export type IsoDay = string;

/** What a workspace reads: a File or Blob, bytes, or CSV text. */
export type Source = Blob | Uint8Array | string;

export type Role =
  | "customerId" | "email" | "phone" | "orderId" | "orderDate" | "orderTime" | "amount"
  | "adjustedAmount" | "quantity"
  | "unitPrice" | "product" | "category" | "refund" | "status" | "currency" | "channel" | "country" | "referrer"
  | "discount" | "cost" | "consent" | "reason" | "fraud" | "label" | "attribute"
  // Of a table of one row a customer: days of the first and last order, how many there were, how many
  // after the first (x), mean value, days since the last, first to last (t_x) and since the first (T).
  | "firstOrder" | "lastOrder" | "orderCount" | "repeatCount" | "averageAmount" | "daysSince" | "firstToLast" | "age";

export interface MappingEntry {
  role: Role;
  /** 0-based column indexes. */
  columns: number[];
  /**
   * Several columns: the first present (default), all joined, the first less the others, or
   * the first where it names a value of the second (a refund's reference), else the second;
   * `each`: every column is a product of its own (a basket a row, without days).
   */
  rule?: "coalesce" | "join" | "subtract" | "link" | "each";
}

/** How a column's days or numbers are read, and how else they can be: `answers[id] = choice.value`. */
export interface ReadAs {
  id: string;
  chosen: string;
  choices: (Message & { value: string })[];
}

export interface FoundColumn {
  /** Where its days or numbers can be read otherwise. */
  readAs?: ReadAs;
  index: number;
  name: string;
  type: "text" | "number" | "date" | "empty";
  role: Role | null;
  /** 0 to 1. */
  confidence: number;
  /** Up to five distinct values as written. */
  samples: string[];
  /** Rows with a value. */
  filled: number;
}

export interface Question extends Message {
  id: string;
  choices: (Message & { value: string })[];
}

export interface Found {
  /** Handle of the reading inside the workspace. */
  id: number;
  kind: "orders" | "customers" | "table" | "cohorts" | "invoices" | "tickets" | "survey" | "contacts" | "baskets";
  /** Such as `utf-8` or `gbk`; `xlsx` for a workbook. */
  encoding: string;
  /** Of a workbook or archive: the sheet that was read, and all there are. */
  sheet?: string;
  sheets?: { name: string; rows: number | null }[];
  /** `","`, `";"`, `"\t"`, `"|"` or `"blanks"`. */
  delimiter: string;
  header: boolean;
  /** Such as `"shopify-orders"`; null when no platform was recognised. */
  platform: string | null;
  rows: number;
  bytes: number;
  columns: FoundColumn[];
  mapping: MappingEntry[];
  questions: Question[];
  notices: Message[];
  /** What was understood, in sentences. */
  understood: Message[];
  preview: { header: string[] | null; rows: string[][] };
  /**
   * What was decided of an earlier file with the same columns: options of `load`, where `settings` were given.
   * With `read`, inspect the file again with these options first: mapping and answers come with the file so read.
   * `files` above 1: the mapping is of so many files of different layouts, loaded together.
   */
  recalled?: { read?: Pick<InspectOptions, "encoding" | "delimiter" | "quote" | "header">; files: number; mapping: MappingEntry[]; answers: Record<string, string>; currency: string | null; settings: LoadSettings; zone: string | null };
}

export interface Totals {
  rows: number;
  orders: number;
  creditNotes: number;
  gross: number;
  /** Negative. */
  returns: number;
  net: number;
  /** The same as exact decimal texts. */
  exact: { gross: string; returns: string; net: string };
}

export interface Ledger {
  /** What a row is: of an order, of one customer, or a basket without a day. */
  kind: "orders" | "customers" | "baskets";
  rowsRead: number;
  purchaseRows: number;
  returnRows: number;
  setAside: {
    reason: string;
    from: "shop" | "customers";
    rows: number;
    amount: number;
    exactAmount: string;
    /** Of that money, for `other-currency` only. */
    currency?: string;
    /** `file` counts from 0, `row` from 1 as a spreadsheet shows it. */
    example: { file: number; row: number; text: string } | null;
  }[];
  shop: Totals;
  customers: Totals & {
    customers: number;
    returnsOnly: { customers: number; amount: number; exactAmount: string };
  };
  firstDate: IsoDay | null;
  lastDate: IsoDay | null;
  /** Rows equal to an earlier row; counted, and kept by default. */
  duplicates: number;
  currency: string | null;
  scale: number;
  /** The switches under which rows were judged. */
  settings: LoadSettings;
  /** Times carry an offset from UTC or are in UTC, so that a zone can be set. */
  zoned: boolean;
  /** The zone whose days these are; null for days as written. */
  zone: string | null;
  /** How orders were read under these decisions, in sentences; empty for other kinds of rows. */
  understood: Message[];
  notices: Message[];
}

/** What an analysis returns when the file lacks what it needs. */
export interface Unavailable {
  unavailable: string;
  /** Roles (`product`) or needs (`history`) that are missing, as messages. */
  missing: Message[];
}

/** One figure with its parts. */
export interface Figure {
  /** null where it has no meaning: a denominator of 0, no complete month. */
  value: number | null;
  numerator?: number;
  denominator?: number;
  /** The exact decimal, for money. */
  exact?: string;
  /** The days it speaks of, where not of the whole file up to as-of. */
  from?: IsoDay;
  to?: IsoDay;
  of: "shop" | "customers";
}

/** How a figure has changed; growth, multiple and doublings are null for shares and from 0 or less. */
export interface Change {
  /** The earlier figure. */
  value: number;
  /** Current less earlier; of shares in percentage points. */
  difference: number;
  /** Current by earlier, less 1. */
  growth: number | null;
  multiple: number | null;
  /** Logarithm of the multiple to base 2. */
  doublings: number | null;
}

/** The last complete period against the one before and that of the year before, where those are complete. */
export interface Comparison {
  unit: "month" | "quarter" | "year";
  /** `2011-11`, `2011-Q3` or `2011`. */
  period: string;
  from: IsoDay;
  to: IsoDay;
  previousPeriod: string | null;
  yearAgoPeriod: string | null;
  figures: {
    /** `retentionRate`: customers of the period before who ordered again in this one. */
    id: "orders" | "gross" | "returns" | "net" | "averageOrder" | "customers" | "newCustomers" | "newShare"
      | "returningShare" | "retentionRate" | "churnRate";
    of: "shop" | "customers";
    isShare: boolean;
    current: number | null;
    previous: Change | null;
    yearAgo: Change | null;
  }[];
}

export interface DescribeOptions {
  /** What the whole market sold in the last complete period, and in the one before. */
  market?: { unit: "month" | "quarter" | "year"; size: number; previous?: number } | null;
}

/** The shop within its market, in the last complete period. */
export interface Market {
  period: string;
  previousPeriod: string | null;
  share: Figure;
  previousShare: Figure | null;
  /** Change of the share in percentage points. */
  points: number | null;
  marketGrowth: number | null;
  shopGrowth: number | null;
}

export interface Distribution {
  id: "orderValue" | "orderItems" | "unitPrice" | "customerRevenue" | "customerOrders" | "customerAverageOrder";
  of: "shop" | "customers";
  isMoney: boolean;
  count: number;
  sum: number;
  mean: number;
  /** The mean weighed by another figure. */
  weighted: { by: "quantity" | "orders"; mean: number } | null;
  /** Of the `positive` values above zero. */
  geometricMean: number | null;
  positive: number;
  median: number;
  /** null where every value is seen once. */
  mode: { value: number; count: number } | null;
  /** The least, the nine deciles, the greatest. */
  deciles: number[];
  /** What each tenth holds of the sum, the smallest first. */
  tenths: number[] | null;
  /** `from` included, `to` excluded but for the last. */
  bins: { from: number; to: number; count: number; share: number }[];
}

export interface DescribeResult {
  asOf: IsoDay;
  firstDate: IsoDay;
  lastDate: IsoDay;
  /**
   * Each figure says of whom it speaks. `averageOrder` is purchases (returns not taken off) by
   * orders; `newCustomers` and `returningShare` speak of the last complete month; customers are
   * new at their first order in the file.
   */
  figures: Record<
    | "orders" | "customers" | "gross" | "returns" | "net" | "averageOrder" | "ordersPerCustomer"
    | "repeatRate" | "refundRate" | "guestShare" | "newCustomers" | "newShare" | "returningShare"
    | "retentionRate" | "churnRate",
    Figure
  > & {
    /** Customers with a referrer; only where one is mapped. */
    referralRate?: Figure;
  };
  /** Calendar months from the first record to the last up to as-of; `complete` is false where the file covers only a part. */
  months: {
    month: string[];
    orders: number[];
    net: number[];
    newCustomers: number[];
    returningCustomers: number[];
    complete: boolean[];
  };
  /** Month, quarter and year, each where one is complete. */
  comparisons: Comparison[];
  distributions: Distribution[];
  /** null where its size is not given, or no such period is complete. */
  market: Market | null;
  /** The first ten by net revenue of the shop; null where not mapped. */
  topProducts: Top[] | null;
  topCountries: Top[] | null;
  topChannels: Top[] | null;
  notices: Message[];
}

export interface Top {
  name: string;
  orders: number;
  revenue: number;
  /** Of the shop's net revenue; null where that is not above zero. */
  share: number | null;
}

export interface CohortsOptions {
  /** The period of the first order (default), or its largest product, its channel, country or discount. */
  by?: "firstOrder" | "product" | "channel" | "country" | "discount";
  /** Length of the periods, default month. */
  unit?: "week" | "month" | "quarter" | "year";
}

/** Lists have one entry an offset: 0 is the period of a customer's own first order. */
export interface Cohort {
  /** `2011-11`, or the value as written; null for customers without one, and for the others. */
  id: string | null;
  /** Whether this gathers all cohorts after the fifteen largest. */
  others: boolean;
  /** The period, for cohorts by first order. */
  from: IsoDay | null;
  to: IsoDay | null;
  size: number;
  /** Net revenue up to as-of. */
  revenue: number;
  exactRevenue: string;
  /** With an order in the period, whether or not it is complete. */
  customers: number[];
  /** Members whose period the file covers whole; those of them with an order; the share. */
  exposed: number[];
  returned: number[];
  retention: (number | null)[];
  orders: number[];
  gross: number[];
  /** In the period of the order that they give back. */
  returns: number[];
  /** Net revenue a customer up to and with the period. */
  cumulative: (number | null)[];
  /** False where the file covers the period only in part. */
  complete: boolean[];
}

export interface CohortsResult {
  asOf: IsoDay;
  by: string;
  unit: string;
  cohorts: Cohort[];
  average: { exposed: number[]; retention: (number | null)[]; cumulative: (number | null)[] };
  notices: Message[];
}

/** Customers that went one way; revenue is net, between the two days. */
export interface Moved {
  customers: number;
  revenue: number;
  exactRevenue: string;
}

/** Segments on two days compared. Nobody leaves; `rose` and `fell` go by the segments' order. */
export interface Movement {
  from: IsoDay;
  to: IsoDay;
  /** Segments, best first. */
  ids: string[];
  /** By segment before and after; the last row holds those who were no customers yet. */
  customers: number[][];
  revenue: number[][];
  rose: Moved;
  fell: Moved;
  stayed: Moved;
  arrived: Moved;
}

export interface LifecycleOptions {
  /** Length of the bars' periods, default month. */
  unit?: "week" | "month" | "quarter" | "year";
}

export interface LifecycleResult {
  asOf: IsoDay;
  /** Median gap of the shop; null where nobody returned. */
  usualGapDays: number | null;
  returnsSeen: number;
  /** In a customer's own usual gaps: nine in ten returns came sooner. */
  lateAfter: number;
  /** 98 in 100 came sooner. */
  lostAfter: number;
  /** People of the file without an order yet. */
  potential: number;
  /** `new`, `growing`, `mature`, `declining`, `lost`. */
  stages: Segment[];
  periods: {
    period: string[];
    /** First days of the periods. */
    from: IsoDay[];
    new: number[];
    /** Ordered in this period and in the one before. */
    returning: number[];
    /** Ordered in this period, not in the one before, and earlier. */
    resurrected: number[];
    /** Ordered in the one before, not in this. */
    dormant: number[];
    complete: boolean[];
  };
  notices: Message[];
}

export type ItemKind = "product" | "category" | "attribute";

export interface BasketOptions {
  /** Whose goods make one basket: one order's (default), or all of one customer's. */
  of?: "order" | "customer";
  /** Least share of the baskets, above 0; default 0.01. */
  minSupport?: number;
  /** Least share of the baskets a rule applies to; default 0.2. */
  minConfidence?: number;
  /** Most items in a set, 2 to 5; default 4. */
  maxItems?: number;
  /** Default all three; rules end in products and categories only. */
  items?: ItemKind[];
  /** Keep rules that a shorter one says as well; default false. */
  redundant?: boolean;
  /** Default lift. */
  sortBy?: "lift" | "confidence" | "support" | "leverage";
  /** How many sets, rules and sequences are handed out; default 200. */
  limit?: number;
  /** Within how many days a sequence must come about; default 90. */
  windowDays?: number;
}

export interface Item {
  kind: ItemKind;
  /** By which name `{ ordered: {...} }` asks for it. */
  key: string;
  /** The column of a category or attribute. */
  column: string | null;
  /** As written; null for a range of numbers. */
  value: string | null;
  from: number | null;
  to: number | null;
  baskets: number;
  support: number;
}

/** `first` and `then` are places in `items`. */
export interface Sequence {
  first: number;
  then: number;
  /** Customers whose first purchase of the first is followed for the whole window. */
  exposed: number;
  /** Those of them who bought the other on a later day within it. */
  followed: number;
  confidence: number;
  /** The share after a first purchase of anything. */
  base: number;
  lift: number;
  medianDays: number;
  /** Four in five of those who followed did so within so many days. */
  mostDays: number;
  p: number;
  q: number;
}

export interface BasketResult {
  asOf: IsoDay;
  of: "order" | "customer";
  /** Baskets with goods; those with one only. */
  baskets: number;
  singles: number;
  meanItems: number;
  minSupport: number;
  /** More than `minSupport` where there were too many sets. */
  usedSupport: number;
  minConfidence: number;
  counts: { products: number; categories: number; values: number; frequent: number; cut: number };
  /** What is named below by its place here. */
  items: Item[];
  /** Frequent sets of one item, of two, ... */
  setsBySize: number[];
  sets: { items: number[]; baskets: number; support: number }[];
  totalRules: number;
  redundantRules: number;
  /** Of the rules kept, those with `q` of .05 or less. */
  significantRules: number;
  rules: {
    antecedent: number[];
    consequent: number[];
    baskets: number;
    withAntecedent: number;
    withConsequent: number;
    support: number;
    confidence: number;
    lift: number;
    leverage: number;
    /** null where the rule never fails. */
    conviction: number | null;
    /** Fisher's exact test, one-sided; `q` corrected by Benjamini and Hochberg. */
    p: number;
    q: number;
  }[];
  /** null where nobody can be followed. */
  sequences: {
    windowDays: number;
    customers: number;
    until: IsoDay;
    total: number;
    /** By lift; q of .05 or less. */
    rows: Sequence[];
    /** The same goods bought again, by share. */
    again: Sequence[];
  } | null;
  notices: Message[];
}

/** From the rules of all customers' baskets; what the customer does not have yet, the surest first. */
export interface Offers {
  customerId: string;
  bought: number;
  offers: { item: Item; because: Item[]; confidence: number; baskets: number; lift: number; q: number }[];
}

export interface ForecastOptions {
  /** Net revenue (default), orders, identified customers, or those with their first order. */
  of?: "sales" | "orders" | "customers" | "newCustomers";
  /** Default week. */
  unit?: "day" | "week" | "month";
  /** Periods ahead; default 28 days, 8 weeks or 6 months. */
  horizon?: number | null;
  /** What the intervals are to hold; default 0.8. */
  level?: number;
}

/** Errors by that of the naive forecast within the history (MASE), and in the unit of the series. */
export interface ForecastScore {
  mase: number;
  mae: number;
  /** Share of what came that lay within the intervals. */
  coverage: number;
}

export interface ForecastResult {
  asOf: IsoDay;
  of: "sales" | "orders" | "customers" | "newCustomers";
  unit: "day" | "week" | "month";
  level: number;
  model: "level" | "trend";
  /** Season and errors multiply rather than add. */
  multiplies: boolean;
  /** In periods; empty where the file is too short for any. */
  seasons: number[];
  alpha: number;
  beta: number;
  phi: number;
  naive: "naive" | "seasonal-naive";
  /** What the forecast is made by: whichever did better. */
  used: "model" | "naive" | "seasonal-naive";
  verdict: Message;
  /** null where the file is too short. */
  backTest: {
    origins: number;
    horizon: number;
    forecasts: number;
    model: ForecastScore;
    naive: ForecastScore;
    /** How much wider the intervals are made than the model's own. */
    factor: number;
    naiveFactor: number;
  } | null;
  past: {
    period: string[];
    from: IsoDay[];
    /** null where the shop was closed throughout. */
    value: (number | null)[];
    openDays: number[];
    trend: number[];
    season: number[] | null;
  };
  future: { period: string[]; from: IsoDay[]; value: number[]; lower: number[]; upper: number[]; openDays: number[] };
  /** 0 for Monday. */
  closedWeekdays: number[];
  closures: { from: IsoDay; to: IsoDay }[];
  /** Each customer's own cadence, of those with four order days and more. */
  rhythms: {
    customers: number;
    onTime: number;
    due: number;
    /** Silent for longer than nineteen of twenty of their own gaps would be. */
    broken: number;
    usualGapDays: number | null;
    /** Past gaps judged by those before them; those that broke the habit. */
    judged: number;
    judgedBroken: number;
    recovered: number;
    /** The first fifty, by what they bring in a year. */
    rows: {
      customerId: string;
      usualGapDays: number;
      longestDays: number;
      silentDays: number;
      dueOn: IsoDay;
      brokenSince: IsoDay;
      breaks: number;
      revenue: number;
    }[];
  };
  notices: Message[];
}

export interface RfmOptions {
  /**
   * Where the borders between the scores come from: equal parts (`quantile`, default), equal parts within
   * equal parts (`nested`), fixed borders (`thresholds`), groups of least spread on a log scale (`kmeans`),
   * or Klaviyo's rules (`klaviyo`, three scores).
   */
  method?: "quantile" | "nested" | "thresholds" | "kmeans" | "klaviyo";
  /** Scores a dimension, 3 to 10, default 5. */
  bins?: number;
  /** Borders of `thresholds` for the scores 2..bins: most days (falling), fewest orders and least revenue (rising). Those left out are built in. */
  cuts?: { recencyDays?: number[]; orders?: number[]; revenue?: number[] };
  /** Days up to the day of reckoning that count; the whole life where left out. */
  windows?: { recencyDays?: number | null; orders?: number | null; revenue?: number | null };
  /** Of the three scores in `rfmScore`, default 1 each. */
  weights?: { recency?: number; orders?: number; revenue?: number };
  /** A built-in map, stretched where it was made for other bins, or own segments, best first, that share out all cells. */
  map?: "eleven" | "klaviyo" | MapEntry[];
}

/** A segment and its cells, such as `555` (`10-9-8` where a score has two digits). */
export interface MapEntry {
  id: string;
  cells: string[];
}

export interface Segment {
  /**
   * `champions`, `loyal`, `potential-loyalist`, `new`, `promising`, `need-attention`, `about-to-sleep`, `at-risk`,
   * `cannot-lose-them`, `hibernating`, `lost`; Klaviyo's `recent` and `inactive`; or that of an own map.
   */
  id: string;
  customers: number;
  orders: number;
  revenue: number;
  exactRevenue: string;
  /** Of all customers, 0 to 1. */
  share: number;
  /** Of the customers' net revenue; null where that is not above zero. */
  revenueShare: number | null;
  /** Purchases (returns not taken off) by orders. */
  averageOrder: number | null;
  medianRecencyDays: number | null;
  medianOrders: number | null;
  medianRevenue: number | null;
  meanRecencyDays: number | null;
  meanOrders: number | null;
  meanRevenue: number | null;
}

export interface RfmResult {
  asOf: IsoDay;
  method: NonNullable<RfmOptions["method"]>;
  bins: number;
  /** The worst value of each score 2..bins: recencyDays falling, the others rising; null where the score is empty. */
  cuts: { recencyDays: (number | null)[]; orders: (number | null)[]; revenue: (number | null)[] };
  /** The borders where they are fixed; empty lists elsewhere. */
  thresholds: { recencyDays: number[]; orders: number[]; revenue: number[] };
  /** Of nested scores: the worst value of each score within a recency score (`5`) or a pair (`54`). */
  nested: { group: string; dimension: "orders" | "revenue"; cuts: (number | null)[]; sizes: number[] }[];
  /** Customers by score, 1..bins. */
  binSizes: { recencyDays: number[]; orders: number[]; revenue: number[] };
  windows: { recencyDays: number | null; orders: number | null; revenue: number | null };
  weights: { recency: number; orders: number; revenue: number };
  /** Customers and revenue by R and F score: `grid[r - 1][f - 1]`. */
  grid: { customers: number; revenue: number }[][];
  /** The cells of each segment, best first. */
  map: MapEntry[];
  /** In the order of the map, best first; also empty ones. */
  segments: Segment[];
  notices: Message[];
}

export interface ClusterOptions {
  /** Columns that hold numbers; default recencyDays, orders and revenue. */
  columns?: CustomerColumn[];
  /** `log` (default): log(1 + value), standardised; `robust`: by median and interquartile range; `standard`. */
  scaling?: "log" | "robust" | "standard";
  /**
   * `kmeans` (default); `ward`: a hierarchy over cells of k-means, cut into the groups; `dbscan`: dense places of any form,
   * and the odd customers that are in none, as the group `odd`.
   */
  method?: "kmeans" | "ward" | "dbscan";
  /** 2 to 12; by the silhouette where left out. DBSCAN finds the number itself. */
  k?: number | null;
  /** Runs of which the best is kept, default 10. */
  restarts?: number;
  /** Of DBSCAN: the farthest distance of a neighbour on the scaled columns (eps); at the knee of the distances where left out. */
  radius?: number | null;
  /** Of DBSCAN: neighbours within it, oneself included, that make a dense place (min_samples), 2 to 1,000; default twice the columns, 4 at least. */
  neighbours?: number | null;
  seed?: number;
}

/** A learned group; its `id` is its number, or `odd` for those whom DBSCAN puts into none. */
export interface Cluster extends Segment {
  /** Mean and median in the column's units; `distance` of the group's mean on the scaled column, where everybody's is about 0. */
  centre: { column: CustomerColumn; mean: number; median: number; distance: number }[];
  /** What sets it apart, most telling first. */
  traits: { column: CustomerColumn; level: "very-high" | "high" | "low" | "very-low" }[];
  /** Mean Jaccard similarity with its counterpart in resamples, 0 to 1; of k-means only. */
  stability: number | null;
}

export interface ClusterResult {
  asOf: IsoDay;
  method: "kmeans" | "ward" | "dbscan";
  columns: CustomerColumn[];
  scaling: "log" | "robust" | "standard";
  /** Groups, `odd` not counted. */
  k: number;
  /** What each number of groups would give, on the sample; empty of DBSCAN. */
  choices: { k: number; inertia: number; silhouette: number; gap: number; gapError: number; bySilhouette: boolean; byGap: boolean }[];
  /** Customers in the sample. */
  sample: number;
  /** Sum of squared distances to the centres, on the scaled columns; of k-means only. */
  inertia: number | null;
  restarts: number;
  seed: number;
  clusters: Cluster[];
  /** The last joins of the hierarchy; numbers below `leaves` are leaves, further ones the joins in this list. */
  hierarchy: { cells: number; leaves: number; sizes: number[]; merges: { a: number; b: number; height: number; size: number }[] };
  /** What DBSCAN went by and found, groups counted as odd included; null of the other methods. */
  dense: { radius: number; neighbours: number; cores: number; odd: number; found: number } | null;
  /** Agreement with the RFM segments: 1 the same, 0 chance. */
  adjustedRand: number | null;
  /** Customers by cluster and segment. */
  bySegment: number[][];
  segments: string[];
  notices: Message[];
}

/** A product, country or channel; `index` is 100 where its share is everybody's. */
export interface Common {
  name: string;
  customers: number;
  share: number;
  index: number;
  revenue: number;
}

export interface Profile {
  asOf: IsoDay;
  selected: Segment;
  everybody: Segment;
  /** null where lifetime value was not computed. */
  future: { clv: number; mean: number; meanOfEverybody: number; share: number | null; pAlive: number | null } | null;
  /** null where churn was not computed. */
  risk: { mean: number; meanOfEverybody: number; slipping: number } | null;
  /** null where not mapped. */
  products: Common[] | null;
  countries: Common[] | null;
  channels: Common[] | null;
}

export interface PivotOptions {
  rows: CustomerColumn;
  columns: CustomerColumn;
  measure?: "customers" | "sum" | "mean";
  /** The column that a sum or a mean is of. */
  of?: CustomerColumn;
  /** Periods that days are put into. */
  unit?: "month" | "quarter" | "year";
}

/** `label` is a value, a code, a period or a range; `other` and `none` for the rest and for no value. */
export interface PivotHeader {
  label: string;
  /** From and to, of ranges of numbers. */
  range: [number, number] | null;
  where: Where | null;
  customers: number;
}

export interface Pivot {
  asOf: IsoDay;
  measure: "customers" | "sum" | "mean";
  rows: PivotHeader[];
  columns: PivotHeader[];
  /** `cells[row][column]`; shares are null for means; `index` is 100 where a cell is what row and column let expect, or a mean is everybody's. */
  cells: { customers: number; value: number | null; rowShare: number | null; columnShare: number | null; share: number | null; index: number | null }[][];
  rowValues: (number | null)[];
  columnValues: (number | null)[];
  value: number | null;
}

export interface LoyaltyOptions {
  /** Best first, the last for all others; default top 1 %, important 4 %, ordinary 15 %, small the rest. `least` (net revenue in the window) stands over `share`. */
  tiers?: { name: string; share?: number; least?: number | null; perks?: number; lift?: number }[];
  /** Days of revenue that count, default 365. */
  windowDays?: number;
  /** Points for each unit of money (1), what one is worth (0.01), the share that is redeemed (0.6). */
  points?: number;
  pointValue?: number;
  redemption?: number;
  /** Default 0.3. */
  margin?: number;
}

export interface Loyalty {
  asOf: IsoDay;
  windowDays: number;
  /** `near`: customers below who lack at most a tenth; `worth`: profit of the revenue that the lift brings. */
  tiers: { name: string; least: number | null; customers: number; share: number; revenue: number; revenueShare: number | null; near: number; cost: number; worth: number }[];
  cost: number;
  worth: number;
  /** By which part members would have to buy more for the scheme to pay. */
  breakEvenLift: number | null;
  /** From the tier one window before (rows) into this; the last row and column are without revenue. */
  migration: number[][];
  /** Windows that the migration was counted over. */
  steps: number;
  /** Customers by tier now and expected after one, two and three windows. */
  forecast: number[][];
  notices: Message[];
}

export interface Alike {
  list: number;
  /** `score`: logarithm of how much likelier the figures are among the list than among everybody; `reason`: the column that says so most. */
  rows: { customerId: string; score: number; reason: CustomerColumn; value: number }[];
}

export interface Quality {
  measurable: number;
  smallest: number;
  reachable: number;
  hasConsent: boolean;
  /** Share of the spread that the segments explain, on logarithms. */
  different: { column: CustomerColumn; share: number }[];
  stayed: number | null;
  agreement: number | null;
  days: number;
}

export interface Divided {
  parts: { name: string; customers: number; revenue: number; meanOrders: number | null; meanRecencyDays: number | null }[];
}

export interface Parameter {
  name: string;
  value: number;
  /** null where the data cannot tell. */
  standardError: number | null;
}

export interface LifetimeOptions {
  /** `auto` (default): the one that forecasts best on the shop's own past. */
  model?: "auto" | "bg-nbd" | "mbg-nbd" | "pareto-nbd" | "mbg-cnbd-k" | "bg-bb" | "nbd";
  /** Days of a period of BG/BB, 1 to 366; default 28. */
  periodDays?: number;
  /** 1 to 3650; default 365. */
  horizonDays?: number;
  /** A year of 365 days, such as 0.1; default 0.1. */
  discountRate?: number;
  /** Share of revenue that is profit, above 0 to 1; default 1 (values are revenue). */
  margin?: number;
  /** Days held out to judge the model; default a third of the history. 0 skips it. */
  holdoutDays?: number;
  /** Of the intervals; default 1. */
  seed?: number;
  /** What it costs to win a customer. */
  acquisitionCost?: number;
  /** The same by channel, where it differs. */
  acquisitionCosts?: Record<string, number>;
}

/** How well a forecast of order days did, a customer where not said otherwise. */
export interface Score {
  /** Sum of the forecast over customers. */
  expectedOrders: number;
  mae: number;
  rmse: number;
  /** Mean forecast minus mean actual orders. */
  bias: number;
  /** Mean Poisson deviance; a forecast below 0.001 counts as 0.001. */
  deviance: number;
  /** Actual orders of the tenth with the highest forecast, against the mean; 1 is chance. */
  liftTopDecile: number;
}

export interface LifetimeCandidate {
  /** Code of the model or of the naive forecast (`last-window`, `average-rate`). */
  model: string;
  naive: boolean;
  /** The k of MBG/CNBD-k. */
  phases: number | null;
  /** On the days after the inner cut-off, by which the choice was made. */
  inner: Score | null;
  /** On the days held out. */
  outer: Score | null;
  logLikelihood: number | null;
  chosen: boolean;
}

export interface LifetimeResult {
  asOf: IsoDay;
  /** The code of the model used; `historic` where the data are too few for any. */
  model: string;
  /** Where `expectedOrders` comes from: the model's code, a naive forecast that did better (`last-window`, `average-rate`), or `historic`. */
  forecast: string;
  /** Times are in weeks. */
  parameters: Parameter[];
  /** The k of MBG/CNBD-k. */
  phases: number | null;
  logLikelihood: number | null;
  customers: number;
  repeaters: number;
  horizonDays: number;
  discountRate: number;
  margin: number;
  verdict: Message;
  /** Whether the data can tell who has gone; where not, `pAlive` says nothing and should not be shown. */
  identifiesDropout: boolean;
  spend: {
    parameters: Parameter[];
    logLikelihood: number;
    customers: number;
    /** Between number of orders and order value. */
    correlation: number;
    /** Expected order value of a customer of whom nothing is known. */
    meanOrderValue: number | null;
    verdict: Message;
  } | null;
  holdout: (Score & {
    cutOff: IsoDay;
    days: number;
    /** The choice was made on this many days after an earlier cut-off. */
    innerCutOff: IsoDay | null;
    innerDays: number | null;
    /** Customers known at the cut-off; a sample when there are very many. */
    customers: number;
    actualOrders: number;
    /** The naive forecast: each customer's orders of the last equal window. */
    naive: Score;
    /** The candidate with the lowest deviance in hindsight. */
    best: string;
    /** Deviance of the forecast used minus that of the best, with its standard error. */
    devianceGap: number;
    devianceGapError: number;
    /** Mean actual and expected orders by calibration frequency 0..7+. */
    byFrequency: { frequency: number[]; customers: number[]; actual: number[]; expected: number[] };
  }) | null;
  candidates: LifetimeCandidate[];
  totals: {
    /** Sum over customers within the horizon. */
    expectedOrders: number;
    clv: number;
    /** 80 % interval of `clv`, from the parameters' uncertainty and chance. */
    clvLow: number | null;
    clvHigh: number | null;
    /** Share of `clv` with the top tenth of customers. */
    topDecileShare: number;
    /** Historic net revenue of the same customers. */
    historic: number;
    meanPAlive: number | null;
  };
  /** Cumulative share of future value by share of customers, richest first: 101 points. */
  concentration: number[];
  /** Customers by value within the horizon: equal ranges, the last one open. */
  distribution: { from: number; to: number | null; customers: number; value: number }[];
  /** Actual and expected cumulative repeat orders by week since the first order of the shop; differences of successive weeks are the incremental ones. */
  tracking: { from: IsoDay | null; week: number[]; actual: number[]; expected: number[] };
  /** Actual and expected customers by number of repeat orders 0..7+. */
  frequencies: { frequency: number[]; actual: number[]; expected: number[] };
  /** Of customers as old as the oldest: rows by frequency, columns by recency; null where no such customer can be. */
  matrix: {
    ageDays: number;
    frequency: number[];
    recencyDays: number[];
    pAlive: (number | null)[][];
    expectedOrders: (number | null)[][];
    /** Customers of any age of each cell: above the row and column before it, up to its own. */
    customers: number[][];
  } | null;
  /** Where an acquisition cost was given. */
  payback: Payback | null;
  notices: Message[];
}

/** How soon a new customer pays back what it costs to win one. */
export interface Payback {
  cost: number;
  /** Expected discounted value of a new customer within the horizon, first order included, times margin. */
  value: number;
  /** Days until that value reaches the cost; null when not within ten years. */
  days: number | null;
}

/** Which customers, and what of them: the first 100 unless `limit` says otherwise; 10,000 at most. */
export interface LifetimeRowsOptions {
  where?: Where;
  sortBy?: CustomerColumn;
  descending?: boolean;
  offset?: number;
  limit?: number;
  /** The later day of `pAliveLater`, in days from the day of reckoning; default the end of the horizon. */
  laterDays?: number;
  /** Whether each row comes with its `path`. */
  paths?: boolean;
}

export interface LifetimeRowsResult {
  /** How many customers match. */
  total: number;
  model: string;
  /** Where `forecastOrders` and `forecastClv` come from; see `LifetimeResult.forecast`. */
  forecast: string;
  laterDays: number;
  identifiesDropout: boolean;
  rows: LifetimeRow[];
}

/** What the model says of one customer; ranges are from 10 to 90 percent, drawn over the parameters' covariance. */
export interface LifetimeRow {
  customerId: string;
  frequency: number;
  recencyDays: number;
  ageDays: number;
  pAlive: number;
  pAliveLow: number;
  pAliveHigh: number;
  /** At the later day asked for. */
  pAliveLater: number;
  /** Within the horizon. */
  pNoOrder: number;
  expectedOrders: number;
  ordersLow: number;
  ordersHigh: number;
  /** Days until the next order has come with 50 %; null where it never does within ten years. */
  dueDays50: number | null;
  dueDays80: number | null;
  orderValue: number;
  clv: number;
  clvLow: number;
  clvHigh: number;
  /** Discounted orders without end (DERT). */
  residualOrders: number | null;
  residualValue: number | null;
  /** Orders and value as in the table of customers: by the forecast that is used. */
  forecastOrders: number;
  forecastClv: number;
  path: LifetimePath | null;
}

/** `pAlive` over one customer's time. */
export interface LifetimePath {
  day: IsoDay[];
  pAlive: number[];
  orders: IsoDay[];
}

/** Historic and future value of a segment, cohort, channel or country. */
export interface Equity {
  label: string | null;
  customers: number;
  historic: number;
  future: number;
  /** Of all future value. */
  share: number;
  expectedOrders: number;
  meanPAlive: number | null;
}

/** Every list adds up to `total`. */
export interface EquityResult {
  asOf: IsoDay;
  horizonDays: number;
  margin: number;
  total: Equity;
  /** By segment, best first; null where the scores have no segments. */
  segment: Equity[] | null;
  /** By month of the first order. */
  cohort: Equity[];
  /** By channel and country of the first order; null where no column says it. */
  channel: Equity[] | null;
  country: Equity[] | null;
  /** Of new customers by channel, where a cost is known: first orders are worth what the channel's are (`firstValue`, before margin), later ones what those of all are. */
  payback: (Payback & { channel: string; firstValue: number })[];
}

export interface CovariatesOptions {
  /** Default `mbg-nbd`. */
  model?: "mbg-nbd" | "bg-nbd" | "pareto-nbd";
  /** By role (`channel`, `country`) or by the name of a mapped attribute's column; default all of these. */
  attributes?: string[];
}

/** Effects of what is known of a customer at the first order. */
export interface CovariatesResult {
  model: string;
  /** Of customers with the most frequent values. */
  parameters: Parameter[];
  coefficients: {
    /** What it moves: the rate of orders, leaving or staying. */
    process: "orders" | "leaving" | "staying";
    attribute: string;
    value: string;
    /** Times as much as with the most frequent value, and its logarithm. */
    factor: number;
    coefficient: number;
    standardError: number | null;
    pValue: number | null;
  }[];
  comparedWith: string[];
  logLikelihood: number;
  plainLogLikelihood: number;
  /** Likelihood ratio statistic, its degrees of freedom and p-value. */
  gain: number;
  degrees: number;
  pValue: number;
  verdict: Message;
  notices: Message[];
}

/**
 * Subscriptions: cohorts given as numbers, or the columns of a file that say how long each
 * customer stayed. Columns by name.
 */
export interface SubscriptionOptions {
  /** A table with a row a cohort: customers left after 0, 1, 2, ... renewals; default all columns of numbers. */
  columns?: string[];
  /** A table with a row a customer: the day a subscription began and ended (empty: goes on). */
  start?: string;
  end?: string;
  /** Or the number of periods paid for, with the number there could have been, or with a column that says who left. */
  tenure?: string;
  observed?: string;
  left?: string;
  /** What that column says of those who left; default yes, true, 1, churned and the like. */
  leftValue?: string;
  /** A column whose values are fitted apart. */
  by?: string;
  /** Length of a period; default month. */
  unit?: "week" | "month" | "quarter" | "year";
  /** The last day known; default the last in the file. */
  asOf?: IsoDay;
  /** `dayMonthYear`, `monthDayYear` and so on, where the file leaves it open. */
  dateFormat?: string;
  /** Renewals ahead that are drawn, 1 to 600; default 12. */
  periods?: number;
  /** A year, above 0; default 0.1. */
  discountRate?: number;
}

export interface SubscriptionResult {
  unit: string;
  discountRate: number;
  groups: ({
    id: string | null;
    /** Who had at least one renewal to decide on; those of them who have left. */
    customers: number;
    left: number;
    /** Why there is no curve; null where there is one. */
    missing: Message | null;
  } & Partial<SubscriptionCurve>)[];
  notices: Message[];
}

/** Shifted beta-geometric, or beta-discrete-Weibull where that has the lower criterion. */
export interface SubscriptionCurve {
  model: "sbg" | "bdw";
  parameters: Parameter[];
  logLikelihood: number;
  bic: number;
  verdict: Message;
  /** Share left after 0, 1, 2, ... renewals. */
  survival: number[];
  /** Chance of renewing at the 1st, 2nd, ... renewal. */
  retention: number[];
  /** Discounted expected residual lifetime in periods, of a customer about to renew for the 1st, 2nd, ... time. */
  residual: number[];
}

/** A table of histories in whole days: columns of equal length. */
export interface Histories {
  /** Days with an order after the first. */
  frequency: ArrayLike<number>;
  /** From the first order to the last. */
  recencyDays: ArrayLike<number>;
  /** From the first order to the day of reckoning. */
  ageDays: ArrayLike<number>;
  /** How many customers a row stands for; default one. */
  customers?: ArrayLike<number>;
}

export interface HistoriesOptions {
  /** Default `mbg-nbd`. In `bg-bb`, frequencies count periods of `periodDays` (default 28). */
  model?: "bg-nbd" | "mbg-nbd" | "pareto-nbd" | "bg-bb" | "nbd";
  periodDays?: number;
}

export interface HistoriesFit {
  model: string;
  /** Times are in weeks. */
  parameters: Parameter[];
  logLikelihood: number;
  /** Largest entry of its gradient in the logarithms of the parameters. */
  gradient: number;
  converged: boolean;
  /** Starts that ended at this value, of so many. */
  agreeing: number;
  starts: number;
  customers: number;
  repeaters: number;
  distinct: number;
  verdict: Message;
}

export interface ChurnOptions {
  /** A customer has churned who has no order in (asOf, asOf + windowDays]; proposed from the data when left out. 1 to 3650. */
  windowDays?: number;
  /** What a retention campaign costs and brings, for the profit measures. */
  campaign?: Partial<ChurnCampaign>;
  /** For samples and the parts of the cross-validation; default 0. */
  seed?: number;
}

/** Defaults are those of Verbraken, Verbeke and Baesens (2013). */
export interface ChurnCampaign {
  /** Value of a customer who is kept; default 200. */
  value: number;
  /** Cost of the offer to one who accepts; default 10. */
  offer: number;
  /** Cost of contacting one customer; default 1. */
  contact: number;
  /** The chance that a churner accepts is Beta(alpha, beta); default 6 and 14. */
  alpha: number;
  beta: number;
}

/** `profit` a customer of the whole base; `fraction` of it to contact, riskiest first. */
export interface BestProfit {
  profit: number;
  fraction: number;
}

/** A tenth of the customers, the riskiest first. */
export interface Decile {
  decile: number;
  customers: number;
  churned: number;
  rate: number;
  lift: number;
  /** Share of all churners in this and the higher tenths. */
  capture: number;
}

/** Mean predicted probability and share that left, of those predicted alike. */
export interface CalibrationBin {
  predicted: number;
  observed: number;
  customers: number;
}

/** How well a ranking and its chances hold on customers who had no part in making them. */
export interface Quality {
  /** Area under the ROC curve, ties as one half. */
  auc: number;
  /** The base rate is what chance reaches. */
  averagePrecision: number;
  brier: number;
  calibrationError: number;
  liftTopDecile: number;
  maximumProfit: BestProfit;
  expectedMaximumProfit: BestProfit;
}

/** The rule to beat, longest silent first; Brier score and calibration are of the chances that the days of silence alone give. */
export interface NaiveMetrics extends Quality {
  /** By tenth of silence, longest first; empty with fewer than ten lengths. */
  lift: Decile[];
  calibration: CalibrationBin[];
}

/** IF all conditions THEN the rate; the rules of one tree speak of every customer once. */
export interface Rule {
  /** `is` and `isNot` compare with the text `level`, the others with `value`. */
  conditions: { figure: string; comparison: "above" | "atMost" | "is" | "isNot"; value: number; level: string | null }[];
  customers: number;
  /** Of all customers, 0 to 1. */
  support: number;
  churned: number;
  rate: number;
  /** `rate` over the rate of all. */
  lift: number;
}

export interface ChurnResult {
  asOf: IsoDay;
  /** To be shown beside every figure. */
  definition: Message;
  windowDays: number;
  proposedWindowDays: number;
  /** Share of the gaps between orders of at most `windowDays`. */
  gapShare: number;
  /** Median gap between order days; null where nobody returned. */
  medianGapDays: number | null;
  /** The distribution of those gaps: the share within each of some windows. */
  gapShares: { days: number; share: number }[];
  /** Rising; the last is the one held out. At each, the whole window had passed by `asOf`. */
  cutOffs: IsoDay[];
  customers: number;
  model: string;
  /** `later`: on the last cut-off, by a model trained on windows that had ended by then. `customers`: on customers left out at the same cut-off, where the history is too short. */
  judged: "later" | "customers";
  /** Customers first seen after the held-out cut-off: in neither training nor test. */
  bornLater: number;
  metrics: Quality & {
    customers: number;
    churned: number;
    baseRate: number;
    aucStandardError: number;
    /** The naive rule, longest silent first. */
    naiveAuc: number;
    naive: NaiveMetrics;
  };
  /** By tenth of predicted risk, highest first, on what was held out; empty with fewer than ten distinct scores. */
  lift: Decile[];
  calibration: CalibrationBin[];
  /** Profit a customer of the base when 0, 5, ... 100 % are contacted. */
  profit: { fraction: number; profit: number; naiveProfit: number }[];
  /** How the share of churners moved since training; `points` of percent. */
  drift: {
    trainedRate: number;
    heldOutRate: number;
    points: number;
    /** Added to all log-odds, it meets the held-out rate. */
    offset: number;
    calibrationErrorWithout: number;
  };
  /** Topics (`silence`, `frequency`, `age`, `money`, `trend`, `season`, `breadth`, `assortment`, `returns`, `discounts`) by their effect; `direction`: what more of it does. */
  drivers: { feature: string; weight: number; direction: "raises" | "lowers" }[];
  /** Every feature: change of the log-odds a standard deviation. */
  coefficients: { feature: string; topic: string; weight: number; mean: number; deviation: number }[];
  /** Highest churn rate first, at the last cut-off. */
  rules: Rule[];
  totals: {
    /** Customers with churnProbability of .5 and more who are not yet certainly gone (.95 and more). */
    slippingAway: number;
    /** Their net revenue in the year up to as-of. */
    revenueAtRisk: number;
    expectedChurners: number;
    bands: { band: "low" | "medium" | "high"; customers: number; revenue: number }[];
  };
  notices: Message[];
}

/** Why a customer has this probability: base and contributions add up exactly to its log-odds. */
export interface ChurnExplanation {
  churnProbability: number;
  baseLogOdds: number;
  /** Largest effect first. */
  contributions: { topic: string; logOdds: number; reason: Message }[];
}

export interface TableChurnOptions {
  /** Name of the outcome column; found by its name when left out. */
  label?: string;
  /** The value of the label that means "left"; guessed from words, else the rarer one. */
  positive?: string;
  /** Names of columns to leave out. */
  leaveOut?: string[];
  /** Names of columns to keep although they look like leaks. */
  keep?: string[];
  campaign?: Partial<ChurnCampaign>;
  seed?: number;
}

/** Churn from a labelled table: one row a customer. */
export interface TableChurnResult {
  label: string;
  /** The value of the label that was taken for "left". */
  positive: string;
  rows: number;
  /** Scored, neither learned from nor judged. */
  unlabelled: number;
  columns: string[];
  /** Constant, or another text in every row. */
  useless: string[];
  /** Columns that follow the outcome, left out; `auc`: how well each tells churners apart alone. */
  leaks: { column: string; auc: number; because: "only-churners" | "outcome" | "name" }[];
  /** By cross-validation in five parts; `auc` is the mean over the parts. */
  metrics: Quality & {
    customers: number;
    churned: number;
    baseRate: number;
    aucStandardError: number;
    /** The best column alone: the rule to beat. */
    naiveColumn: string | null;
    naiveAuc: number | null;
  };
  lift: Decile[];
  calibration: CalibrationBin[];
  profit: { fraction: number; profit: number; naiveProfit: number }[];
  drivers: { feature: string; weight: number; direction: "raises" | "lowers"; level: string | null }[];
  baseLogOdds: number;
  /** The models that were tried on a quarter of the rows; `both` is the mean of their log-odds. */
  candidates: { model: "logistic" | "both" | "trees"; auc: number; logLoss: number; chosen: boolean }[];
  rules: Rule[];
  /** Those at the highest risk who are not known to have left, at most 100; `row` as a spreadsheet shows it. */
  top: { row: number; customerId: string | null; churnProbability: number; reasons: Message[] }[];
  /** One entry a row of the file: from a model that has not seen the row, where it has an outcome. */
  churnProbability: Float64Array;
  notices: Message[];
}

export interface RetentionOptions {
  /** Days of a window; default the window of the churn analysis. */
  windowDays?: number;
}

/** `retention` = `retained / active`, `churn` = 1 - `retention`, `repeatRate` = `repeaters / customers`; null over nothing. */
export interface PeriodRate {
  from: IsoDay;
  to: IsoDay;
  /** Whether the orders cover this period and the one before it. */
  complete: boolean;
  active: number;
  retained: number;
  retention: number | null;
  churn: number | null;
  customers: number;
  repeaters: number;
  repeatRate: number | null;
}

export interface RetentionResult {
  asOf: IsoDay;
  windowDays: number;
  /** To be shown under the figures. */
  formulas: Message[];
  /** Oldest first; the last one ends with the last order known. */
  windows: PeriodRate[];
  months: PeriodRate[];
  /** What came of the customers as of `cutOff` in the window after it. */
  groups: {
    by: string;
    rows: { name: string; customers: number; churned: number; churn: number; retention: number; repeatRate: number }[];
  }[];
  cutOff: IsoDay | null;
  notices: Message[];
}

export interface HealthWeights {
  activity: number;
  cadence: number;
  trend: number;
  breadth: number;
  returns: number;
}

export interface HealthOptions {
  /** Days that count as recent; default the window of the churn analysis. */
  windowDays?: number;
  /** The earlier day of the alert list; default one window before. */
  since?: IsoDay;
  /** Only their proportions matter; default 30, 30, 20, 10, 10. */
  weights?: Partial<HealthWeights>;
  /** The most customers on the alert list; default 50. */
  alerts?: number;
}

export interface HealthResult {
  asOf: IsoDay;
  since: IsoDay;
  windowDays: number;
  /** Those in force; 0 for what the file cannot tell. */
  weights: HealthWeights;
  formulas: Message[];
  customers: number;
  mean: number | null;
  /** Good from 70, poor below 40. */
  bands: { band: "good" | "fair" | "poor"; customers: number; revenue: number }[];
  /** Whose health fell most since `since`, largest fall first. */
  alerts: {
    customerId: string;
    health: number;
    before: number;
    revenue: number;
    recencyDays: number;
    reason: Message;
  }[];
  notices: Message[];
}

export interface WinbackOptions {
  /** Default: the window of the churn analysis. */
  windowDays?: number;
  /** Default 1, in the currency of the file. */
  costPerContact?: number;
  /** Chance that a contact wins back someone who would have churned, 0 to 1; default 0.1. */
  successRate?: number;
  /** Share of revenue that is profit, 0 to 1; default 0.3. */
  margin?: number;
  /** Most that may be spent; unlimited when left out. */
  budget?: number;
  /** Days of revenue that is lost with a customer; default 365. */
  horizonDays?: number;
  /**
   * Contact those too who are not behind their own cadence, and those silent longer
   * than nearly all who ever came back; default false.
   */
  everyone?: boolean;
  /** Of those to be rescued, the least chance of churning, 0 to 1; default 0. */
  leastRisk?: number;
  /** Share of the chosen customers kept aside to measure by, 0 to 0.5; default 0.1. */
  holdOut?: number;
  /** To keep those who would leave (`rescue`, default), or to reach those who bring most from now on (`revenue`). */
  aim?: "rescue" | "revenue";
  /** Decides who is held out; default 0. */
  seed?: number;
}

export type ChurnType = "natural" | "competitive" | "disappointed" | "malicious" | "unknown";
export type Tier = "top" | "important" | "ordinary" | "small";
/** Not yet behind the own cadence; behind it; silent longer than nearly all who ever came back. */
export type OpportunityPhase = "on-time" | "open" | "closed";

/** What to do, what to offer, who sees to it. */
export interface WinbackAction {
  effort: "call" | "letter" | "e-mail" | "newsletter" | "none";
  offer: "remedy" | "better-terms" | "new-need" | "reminder" | "none";
  owner: "sales" | "service" | "marketing" | "nobody";
}

export interface WinbackResult {
  asOf: IsoDay;
  /** To contact. */
  customers: number;
  /** Kept aside to measure by, not contacted and not paid for. */
  heldOut: number;
  cost: number;
  /** Value at stake x margin x churnProbability (`rescue`) or pAlive (`revenue`) x successRate - cost, summed over the contacts. */
  expectedGain: number;
  expectedRevenue: number;
  /** Customers of positive gain for whom the budget did not reach. */
  beyondBudget: number;
  /** Customers of positive gain who may not be contacted. */
  withoutConsent: number;
  /** Last day of the measurement. */
  measureBy: IsoDay;
  options: Required<Omit<WinbackOptions, "budget" | "seed">> & { budget: number | null };
  /** The first rows of the plan; all of it by `customers({ where: { inPlan: true } })` or `exportCsv({ what: "winback" })`. */
  rows: (WinbackAction & {
    customerId: string;
    place: "contact" | "held-out";
    gain: number;
    valueAtStake: number;
    churnProbability: number;
    recencyDays: number;
    segment: string;
    tier: Tier;
    churnType: ChurnType;
    phase: OpportunityPhase;
    /** Last day on which to contact: that of the window of opportunity, or of the measurement where it ends earlier. */
    closes: IsoDay;
    /** The most telling of `reasons`. */
    reason: Message;
    reasons: Message[];
  })[];
  /** All types x tiers: `customers` and `valueAtStake` of those whose window of opportunity is open. */
  matrix: (WinbackAction & {
    churnType: ChurnType;
    tier: Tier;
    customers: number;
    valueAtStake: number;
    planned: number;
    expectedGain: number;
  })[];
  notices: Message[];
}

/** A campaign as it was exported, to be read back. */
export interface WinbackCampaign {
  contacted: string[];
  heldOut: string[];
  /** The plan's `asOf` and `measureBy`. */
  from: IsoDay;
  measureBy: IsoDay;
  costPerContact: number;
  margin: number;
}

export interface WinbackGroup {
  customers: number;
  /** On the list and not in the file. */
  missing: number;
  recovered: number;
  rate: number | null;
  revenue: number;
}

/** What the campaign brought: contacted against held out. null where nobody was held out. */
export interface WinbackOutcome {
  from: IsoDay;
  until: IsoDay;
  contacted: WinbackGroup;
  heldOut: WinbackGroup;
  incremental: number | null;
  incrementalStandardError: number | null;
  incrementalRevenue: number | null;
  incrementalRevenueStandardError: number | null;
  cost: number;
  /** (incremental revenue x margin - cost) / cost. */
  returnOnSpend: number | null;
  notices: Message[];
}

export type CustomerColumn =
  | "customerId" | "firstOrder" | "lastOrder" | "recencyDays" | "orders" | "revenue" | "gross"
  | "returns"
  /** Days with an order after that of the first, and days from the first order to the last. */
  | "repeatOrders" | "activeDays" | "averageOrder" | "rScore" | "fScore" | "mScore" | "rfmCell"
  /** The weighted score, 0 to 100. */
  | "rfmScore" | "segment"
  /** Stage of life: `new`, `growing`, `mature`, `declining`, `lost`. */
  | "lifecycle"
  /** Number of the learned group, `1` and up. */
  | "cluster" | "pAlive"
  | "expectedOrders" | "orderValue" | "clv" | "churnProbability" | "health" | "tier" | "churnType"
  /** Where the customer stands in the window of opportunity, and its last day. */
  | "phase" | "closes" | "winbackGain"
  /** 1 for customers in the win-back plan, else 0. */
  | "inPlan"
  /** Country and channel of the last order that has one, and so the first columns mapped as attributes. */
  | "country" | "channel" | "attribute1" | "attribute2" | "attribute3" | "attribute4"
  /** Why the customer is in the segment: the measures with their scores. */
  | "reason"
  /** How customers were scored. */
  | "method" | "asOf";

/**
 * One predicate: `{ segment: "at-risk" }`, `{ segment: ["at-risk", "lost"] }`,
 * `{ revenue: { min: 100, max: 500 } }`, `{ customerId: { contains: "ann" } }`,
 * `{ and: [...] }`, `{ or: [...] }`, `{ not: ... }`. The keys of one object are joined by "and".
 * `min` and `max` are inclusive (days as ISO dates), `contains` ignores case, `null` is a cell
 * without a value; `{ orders: { not: 1 } }` and `{ orders: { is: [1, 2] } }` are allowed too.
 * A text is looked up as written and, where no cell is written so, in any case.
 * `{ clv: { top: 0.1 } }` is the highest tenth, `{ clv: { top: [0.1, 0.2] } }` the next; equal figures share
 * the best place of them.
 *
 * `{ ordered: {...} }` holds for customers with an order of which all of this is true: `day: { min, max }`;
 * `first: true` (the customer's first one) or `false`; `after: 3, unit: "month"` (so many calendar periods
 * after that of the first order); `product`, `mainProduct` (that with the largest amount), `category`,
 * `country`, `channel`, `discount`, `attribute1` to `attribute4`: a text, null, a list of which one is
 * enough, or `{ all: [...] }`; `since: {...}, within: 90` (on a day after the customer's first order that
 * is such as described there, by so many days at most).
 *
 * `{ spent: { day: { min, max }, min: 500 } }` holds for a net revenue of these days between `min` and `max`.
 * `{ rhythm: "broken" }` holds for those silent beyond their own rhythm (see `ForecastResult`), `"due"` past it
 * and not yet beyond, `"onTime"` within it.
 * `{ was: { asOf: "2011-09-10", where: {...} } }` holds for those for whom the inner predicate held on
 * that day, by the same settings; whoever had not ordered by then was no customer.
 */
export type Where = Record<string, unknown>;

export interface CustomersOptions {
  columns: CustomerColumn[];
  where?: Where;
  sortBy?: CustomerColumn;
  descending?: boolean;
  offset?: number;
  limit?: number;
  /** Counts those among all that match who did not consent to be written to. */
  countConsent?: boolean;
}

/** Typed arrays for numbers (NaN where there is no value), string arrays for text and dates (ISO). */
export interface CustomersResult {
  total: number;
  /** Net revenue of all `total` customers that match. */
  revenue: number;
  /** With `countConsent`, where the file has a column of consent: those of `total` who refused or said nothing. */
  withoutConsent?: number;
  columns: Record<string, string[] | Float64Array | Int32Array>;
}

export interface CustomerDetail {
  customerId: string;
  orders: { day: IsoDay; orderId: string | null; gross: number; returns: number; isOrder: boolean }[];
  usualGapDays: number | null;
  silentDays: number;
  products: { name: string; quantity: number; revenue: number }[] | null;
  /** Why this segment, this risk: sentences. */
  reasons: Message[];
}

/** A list divided at random, by seed and customer id alone. */
export interface Split {
  /** Default `A` and `B`. */
  names?: string[];
  /** They add up to 1; default one half each. */
  shares?: number[];
  seed?: number;
  /** Of exports: the one group that is written. */
  only?: string;
}

/**
 * Where the file has a column of consent, no list names by an e-mail address or a telephone number who did not give it:
 * where that is what customers are known by, `customerId` is `withheld` (in words by `labels`).
 */
export interface ExportOptions {
  /**
   * `winback` without `columns` and `where` is the plan as a list to work from: whom to contact
   * and whom to keep aside, with effort, offer, owner, reason and the day of measurement, to be
   * read back by `winbackOutcome`.
   */
  what:
    | "customers" | "winback" | "segments" | "ledger" | "movement" | "rules" | "sets" | "sequences" | "offers"
    | "cohorts" | "forecast" | "pivot" | "movementMatrix";
  /**
   * Of customers, for another system: e-mails with segment, or SHA-256 hashes of e-mails (`google`, `meta`). Customers
   * without e-mail are left out, and where the file has a column of consent those who did not consent.
   */
  layout?: "klaviyo" | "mailchimp" | "shopify" | "google" | "meta";
  /**
   * Of customers: adds a column with the group, or writes the group `only`; without one, a hashed audience holds the
   * first group.
   */
  split?: Split;
  /** Of customers, a movement and the plan: adds the column `email`, empty for those who did not consent or are held out. */
  contacts?: boolean;
  /**
   * Groups of fewer customers do not show. Of segments: they are put together in one row; of a pivot and of the matrix of a
   * movement: their counts are `suppressed`, with others from which they could be told.
   */
  smallest?: number;
  /** Of segments: the column whose groups are listed; default `segment`. */
  by?: "segment" | "lifecycle" | "cluster";
  /** Of a pivot: the two dimensions and the measure. */
  pivot?: PivotOptions;
  /** Of a movement and its matrix: the earlier day. */
  from?: IsoDay;
  /** Of a movement: only those who went so. */
  ways?: ("rose" | "fell" | "stayed" | "arrived")[];
  /** Of customers; default all that are computed. */
  columns?: CustomerColumn[];
  where?: Where;
  sortBy?: CustomerColumn;
  descending?: boolean;
  /** Header labels by column, and texts by code (of a segment, a reason); default the name itself. */
  labels?: Record<string, string>;
}

export interface RunOptions {
  onProgress?: (progress: { stage: string; done: number; total: number }) => void;
  signal?: AbortSignal;
}

export interface InspectOptions extends RunOptions {
  /** Rows of preview, default 20; `Infinity` for all. */
  previewRows?: number;
  /** Any name of the web's encoding standard, such as `gbk`; found when left out. */
  encoding?: string;
  /** As `Found.delimiter`; found when left out. */
  delimiter?: string;
  /** One character, or an empty text for none; found when left out. */
  quote?: string;
  /** Whether the first row of the table names the columns; found when left out. */
  header?: boolean;
  /** Which sheet of a workbook, or file of a ZIP archive; the longest when left out. */
  sheet?: string;
  /** What `settings()` gave after earlier loads: the last that fits comes back as `Found.recalled`. */
  settings?: object[];
}

export interface LoadOptions extends RunOptions {
  mapping?: MappingEntry[];
  answers?: Record<string, string>;
  currency?: string;
  settings?: Partial<LoadSettings>;
  /**
   * The shop's time zone, such as `"Europe/Berlin"`: the days are those of its clocks. Takes hold
   * of times that carry an offset or are in UTC only; without it days are as written.
   */
  zone?: string;
  /**
   * Of several files of different layouts: the name of the column by which they are joined,
   * found when left out. Columns of the mapping then count through the joined files, the one
   * with a row for each row of the result first.
   */
  join?: string;
  /** Only the ledger is wanted, to see what a choice would do: what is loaded stays (false). */
  trial?: boolean;
}

export interface AttachOptions extends RunOptions {
  /** The name of the column that both have; found when left out. */
  key?: string;
}

/** Switches of reading, each with the default in brackets. */
export interface LoadSettings {
  /** Orders with a total of 0 count (true). */
  zeroOrders: boolean;
  /** Exact duplicate rows are dropped (false). */
  dropDuplicates: boolean;
  /** Cancelled, voided and closed orders are left out (true). */
  leaveOutCancelled: boolean;
  /** Failed and declined payments are left out (true). */
  leaveOutFailed: boolean;
  /** Orders that wait for their payment are left out (true). */
  leaveOutUnpaid: boolean;
  /** Orders refunded by status alone are left out (true). */
  leaveOutRefunded: boolean;
  /** Test orders are left out (true). */
  leaveOutTest: boolean;
  /** Rows that are no sale, such as payouts, holds, fees and drafts, are left out (true). */
  leaveOutOther: boolean;
}

export interface View {
  readonly asOf: IsoDay;
  describe(options?: DescribeOptions, run?: RunOptions): Promise<DescribeResult | Unavailable>;
  rfm(options?: RfmOptions, run?: RunOptions): Promise<RfmResult | Unavailable>;
  lifetime(options?: LifetimeOptions, run?: RunOptions): Promise<LifetimeResult | Unavailable>;
  /** Predictions, ranges, due days and residual value of the customers asked for. */
  lifetimeRows(options?: LifetimeRowsOptions, run?: RunOptions): Promise<LifetimeRowsResult | Unavailable>;
  /** Historic and future value by segment, cohort, channel and country. */
  equity(options?: object, run?: RunOptions): Promise<EquityResult | Unavailable>;
  /** A lifetime model in which channel, country and attributes move the rates. */
  covariates(options?: CovariatesOptions, run?: RunOptions): Promise<CovariatesResult | Unavailable>;
  churn(options?: ChurnOptions, run?: RunOptions): Promise<ChurnResult | Unavailable>;
  /** Retention, churn and repeat rate by window, month and group. */
  retention(options?: RetentionOptions, run?: RunOptions): Promise<RetentionResult | Unavailable>;
  /** Health from 0 to 100, and whose fell most. */
  health(options?: HealthOptions, run?: RunOptions): Promise<HealthResult | Unavailable>;
  winback(options?: WinbackOptions, run?: RunOptions): Promise<WinbackResult | Unavailable>;
  /** What a campaign brought, read off the orders that are loaded now; the list as it was exported, or what it says. */
  winbackOutcome(campaign: WinbackCampaign | Source, run?: RunOptions): Promise<WinbackOutcome>;
  cohorts(options?: CohortsOptions, run?: RunOptions): Promise<CohortsResult | Unavailable>;
  lifecycle(options?: LifecycleOptions, run?: RunOptions): Promise<LifecycleResult | Unavailable>;
  /** Learned groups. */
  cluster(options?: ClusterOptions, run?: RunOptions): Promise<ClusterResult | Unavailable>;
  /** What the customers of a list have in common; value and risk where they are computed already. */
  profile(options: { where?: Where }, run?: RunOptions): Promise<Profile>;
  /** Two columns against each other. */
  pivot(options: PivotOptions, run?: RunOptions): Promise<Pivot>;
  /** Tiers and points: how many reach each tier, what it costs and is worth, and how customers move between them. */
  loyalty(options?: LoyaltyOptions, run?: RunOptions): Promise<Loyalty>;
  /** The customers most like a list and not in it. */
  alike(options: { where?: Where; limit?: number }, run?: RunOptions): Promise<Alike>;
  /** Whether the segments are measurable, reachable, different and, since the day `from`, stable. */
  quality(options: { from: IsoDay }, run?: RunOptions): Promise<Quality>;
  /** A list divided at random: the size of each part. */
  split(options: { where?: Where; split?: Split }, run?: RunOptions): Promise<Divided>;
  basket(options?: BasketOptions, run?: RunOptions): Promise<BasketResult | Unavailable>;
  forecast(options?: ForecastOptions, run?: RunOptions): Promise<ForecastResult | Unavailable>;
  /** What to offer one customer next. */
  offers(customerId: string, run?: RunOptions): Promise<Offers | Unavailable>;
  /** Who moved between segments from the day `from` to this view's. */
  movement(options: { from: IsoDay }, run?: RunOptions): Promise<Movement | Unavailable>;
  customers(options: CustomersOptions, run?: RunOptions): Promise<CustomersResult>;
  customer(customerId: string, run?: RunOptions): Promise<CustomerDetail>;
  /** UTF-8 with BOM, text cells safe against formula injection. Blob in browsers, Uint8Array in Node. */
  exportCsv(options: ExportOptions, run?: RunOptions): Promise<Blob | Uint8Array>;
}

export interface ViewSettings {
  lifetime?: LifetimeOptions;
  churn?: ChurnOptions;
  retention?: RetentionOptions;
  health?: HealthOptions;
  winback?: WinbackOptions;
  rfm?: RfmOptions;
  cohorts?: CohortsOptions;
  lifecycle?: LifecycleOptions;
  cluster?: ClusterOptions;
  describe?: DescribeOptions;
  basket?: BasketOptions;
  forecast?: ForecastOptions;
}

export interface Workspace {
  inspect(source: Source, options?: InspectOptions): Promise<Found>;
  /** Several files of one layout are appended; files of different layouts are joined by a key. */
  load(source: Found | Source | (Found | Source)[], options?: LoadOptions): Promise<Ledger>;
  /** Joins another file, such as customers or items, to what is loaded. */
  attach(source: Found | Source, options?: AttachOptions): Promise<Ledger>;
  /** Retention curves of subscriptions, from a file or from `{ cohorts }`: customers left after 0, 1, 2, ... renewals. */
  subscriptions(source: Source | { cohorts: number[][] }, options?: SubscriptionOptions & RunOptions): Promise<SubscriptionResult>;
  /** Fits a model of order times to histories that are given instead of orders. */
  fitHistories(histories: Histories, options?: HistoriesOptions & RunOptions): Promise<HistoriesFit>;
  /** Predictions for histories by a model with these parameters, times in weeks. */
  predictHistories(
    histories: Histories,
    options: HistoriesOptions & { parameters: number[]; horizonDays?: number } & RunOptions,
  ): Promise<{ pAlive: Float64Array; expectedOrders: Float64Array }>;
  /** CSV bytes of a made-up shop, realistic and the same for the same seed. */
  sample(options?: { seed?: number; customers?: number }): Promise<Uint8Array>;
  at(asOf?: IsoDay | Date, settings?: ViewSettings): View;
  /** Churn from a labelled table: one row a customer, a column that says who left. What is loaded stays. */
  churnTable(source: Found | Source, options?: TableChurnOptions & RunOptions): Promise<TableChurnResult>;
  /** Its rows with their chance of leaving and the reasons, riskiest first. */
  churnTableCsv(source: Found | Source, options?: TableChurnOptions & RunOptions & Pick<ExportOptions, "labels">): Promise<Blob | Uint8Array>;
  /**
   * Mapping, answers, definitions, versions and fingerprint of what is loaded; no data: of the
   * header, which may have been one, marks only. For `inspect(source, { settings: [...] })`.
   */
  settings(): object;
  /** The sentence for a code, such as the name of a segment or of a reason. */
  say(code: string, params?: Message["params"]): string;
  /** Goes over to another language, from the next result on. */
  speak(locale: string): Promise<void>;
  /** A copy of an earlier result with its sentences in the language there is now. */
  translate<T>(result: T): T;
  /** Where the calculation runs: `page` where workers are refused, and in Node. */
  readonly thread: "worker" | "page";
  close(): Promise<void>;
}

export type WasmSource = BufferSource | WebAssembly.Module | URL | string | Response;

/** The sentences of one language, by code. */
export interface Sentences {
  language: string;
  sentences: Record<string, string>;
}

export interface OpenOptions {
  /** Bytes, a compiled module, a URL or a Response of the wasm. Default: beside this module. */
  wasm?: WasmSource | Promise<WasmSource>;
  /**
   * The same of the second wasm, for encodings and workbooks, or a function that gives it: it is
   * asked for when a file first needs it. Default: beside this module.
   */
  extras?: WasmSource | Promise<WasmSource> | (() => WasmSource | Promise<WasmSource>);
  /** Makes the worker; `null` runs everything on this thread, in slices. */
  createWorker?: (() => Worker) | null;
  /**
   * The most further workers, made by `createWorker`, that read one file of more than 8 MB
   * together; they end when it is read. Default: two fewer than there are cores, up to three; 0: none.
   */
  readers?: number;
  /** Such as `en-GB` or `zh-TW`; default `en`. */
  locale?: string;
  /** Where the sentences of another language than English come from; default: beside this module. */
  messages?: (language: string) => Promise<Sentences>;
}

/** The languages there are sentences in. */
export const languages: readonly string[];

/** The language that serves a locale: `zh-Hant` for `zh-TW`; null for none. */
export function languageOf(locale: string): string | null;

export function openWorkspace(options?: OpenOptions): Promise<Workspace>;

/** Every error of this package: a code for programs and a sentence for people. */
export class RegularsError extends Error {
  constructor(code: string, params?: Message["params"], options?: ErrorOptions);
  code: string;
  params: Message["params"];
  /** With the code `needs-answers`: what has to be answered, and about which readings. */
  questions?: Question[];
  found?: Found[];
}
