/**
 * Parts of Observable Plot and d3 that this page never draws with: maps, colour
 * schemes (its colours are tokens of the style sheet), legends (labels stand at
 * what they name), tips, and all that computes or words figures, which come
 * computed and are worded by `Intl`. Plot names them in its core, so that no
 * bundler can leave them out by itself; here each is an empty part with the same
 * names, which throws when it is wanted after all.
 */

import { readFile } from "node:fs/promises";

const REFUSE = `const refuse = (what) => () => { throw new Error("this page is packed without Plot's " + what); };`;

/** Names that only throw. @param {string} what @param {string} names */
const none = (what, names) => `${REFUSE} export const ${names.split(" ").map((name) => `${name} = refuse("${what}")`).join(", ")};`;

/** By file below `@observablehq/plot/src`. @type {Record<string, string>} */
const EMPTY = {
  "projection.js": `${REFUSE}
    export const createProjection = ({ projection } = {}) => (projection == null ? undefined : refuse("projections")());
    export const hasProjection = () => false;
    export const projectionAspectRatio = () => undefined;
    export const getGeometryChannels = () => [];
    export const project = refuse("projections"), applyPosition = project, xyProjection = project;`,
  "scales/schemes.js": `${REFUSE}
    export const isCategoricalScheme = () => false, isDivergingScheme = () => false;
    export const ordinalScheme = refuse("colour schemes"), ordinalRange = ordinalScheme;
    export const maybeBooleanRange = () => undefined, quantitativeScheme = () => undefined;`,
  "legends.js": `${REFUSE}
    export const legend = refuse("legends"), exposeLegends = () => legend, createLegends = () => [];`,
  "marks/tip.js": `${REFUSE}
    export class Tip {}
    export const tip = refuse("tips");`,
  "interactions/pointer.js": none("pointer", "pointer pointerX pointerY anchorX anchorY"),
  "curve.js": `${REFUSE} import { curveLinear } from "d3";
    export const curveAuto = (context) => curveLinear(context);
    export const maybeCurve = (curve) => (curve === undefined || curve === "linear" ? curveLinear : refuse("curves")());
    export const maybeCurveAuto = (curve) => (curve === undefined || curve === "auto" ? curveAuto : maybeCurve(curve));`,
  "symbol.js": `${REFUSE}
    export const sqrt3 = Math.sqrt(3), sqrt4_3 = 2 / sqrt3;
    export const isSymbol = () => false;
    export const maybeSymbol = (symbol) => (symbol == null || symbol.draw ? symbol : refuse("symbols")());
    export const maybeSymbolChannel = (symbol) => [undefined, maybeSymbol(symbol)];`,
  "marker.js": `${REFUSE}
    export const markers = (mark, { marker, markerStart = marker, markerMid = marker, markerEnd = marker } = {}) => {
      if (markerStart ?? markerMid ?? markerEnd) refuse("markers")();
    };
    export const applyMarkers = () => {}, applyGroupedMarkers = applyMarkers;`,
  "time.js": `${none("intervals of time", "parseTimeInterval timeInterval utcInterval generalizeTimeInterval inferTimeFormat")}
    export const intervalDuration = Symbol(), intervalType = Symbol();`,
  "scales/diverging.js": none(
    "diverging scales",
    "createScaleDiverging createScaleDivergingSqrt createScaleDivergingPow createScaleDivergingLog createScaleDivergingSymlog",
  ),
  "transforms/bin.js": `${none("bins", "bin binX binY maybeThresholds")}
    export const maybeDenseIntervalX = (options = {}) => (options?.interval == null ? options : bin());
    export const maybeDenseIntervalY = maybeDenseIntervalX;`,
  "transforms/group.js": none(
    "groups",
    "group groupX groupY groupZ find hasOutput maybeOutputs maybeOutput maybeEvaluator maybeGroup maybeReduce " +
      "maybeGroupOutputs maybeSubgroup maybeSort reduceIdentity reduceFirst reduceCount reduceZ",
  ),
};

/** What single files take from d3 for things of which there are none here. @type {Record<string, string[]>} */
const LESS = {
  "plot.js": ["geoPath"],
  "scales/quantitative.js": ["interpolateHcl", "interpolateHsl", "interpolateLab", "scaleLog", "scaleQuantile", "scaleSymlog", "scaleThreshold"],
};

/** A scale of time takes these when it is made, and calls what they give when it words a tick. */
const FORMATS = `${REFUSE}
  const format = () => refuse("words for dates");
  export const timeFormat = format, utcFormat = format, timeParse = format, utcParse = format, isoFormat = format, isoParse = format,
    timeFormatLocale = format, timeFormatDefaultLocale = format;`;

/** A file without some of what it imports from d3. @param {string} source @param {string[]} names */
function without(source, names) {
  const [imports] = /import\s*\{[^}]*\}\s*from "d3";/.exec(source) ?? [""];
  const fewer = names.reduce((text, name) => text.replace(new RegExp(`\\b${name}\\b,?`), ""), imports);
  const refused = names.map((name) => `const ${name} = refuse("${name}");`).join(" ");
  if (!names.every((name) => imports.includes(name))) throw new Error("Plot is not as expected: see xtask/plot-parts.js");
  return source.replace(imports, `${fewer} ${REFUSE} ${refused}`);
}

/** @type {import("esbuild").Plugin} */
export const plotParts = {
  name: "plot-parts",
  setup(build) {
    build.onLoad({ filter: /@observablehq[\\/]plot[\\/]src[\\/].*\.js$/ }, async ({ path }) => {
      const file = path.replaceAll("\\", "/").split("/plot/src/")[1] ?? "";
      const contents = EMPTY[file] ?? (LESS[file] ? without(await readFile(path, "utf8"), LESS[file]) : undefined);
      return contents === undefined ? undefined : { contents, loader: "js" };
    });
    build.onLoad({ filter: /[\\/]d3-time-format[\\/]/ }, () => ({ contents: FORMATS, loader: "js" }));
  },
};
