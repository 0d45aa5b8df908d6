/**
 * Parts of Observable Plot that this page never draws with: maps, colour
 * schemes (its colours are tokens of the style sheet), legends (labels stand at
 * what they name) and tips. Plot names them in its core, so that no bundler
 * can leave them out by itself; here each is an empty part with the same names.
 */

import { readFile } from "node:fs/promises";

const REFUSE = `const refuse = (what) => () => { throw new Error("this page is packed without Plot's " + what); };`;

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
  "interactions/pointer.js": `${REFUSE}
    export const pointer = refuse("pointer"), pointerX = pointer, pointerY = pointer, anchorX = pointer, anchorY = pointer;`,
};

/** The core without its paths on a globe. @param {string} source */
function withoutMaps(source) {
  const from = /import \{creator, geoPath, select\} from "d3";/;
  if (!from.test(source)) throw new Error("Plot's plot.js is not as expected: see xtask/plot-parts.js");
  return source.replace(from, `import {creator, select} from "d3"; ${REFUSE} const geoPath = refuse("projections");`);
}

/** @type {import("esbuild").Plugin} */
export const plotParts = {
  name: "plot-parts",
  setup(build) {
    build.onLoad({ filter: /@observablehq[\\/]plot[\\/]src[\\/].*\.js$/ }, async ({ path }) => {
      const file = path.replaceAll("\\", "/").split("/plot/src/")[1] ?? "";
      const contents = EMPTY[file] ?? (file === "plot.js" ? withoutMaps(await readFile(path, "utf8")) : undefined);
      return contents === undefined ? undefined : { contents, loader: "js" };
    });
  },
};
