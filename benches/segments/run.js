/**
 * Times of the segments, asked for by the project's own bar: k-means beside scikit-learn,
 * and a border moved with a million customers.
 *
 *     cargo xtask bench segments [--customers 1000000] [--only kmeans|threshold]
 *
 * PYTHON names a Python that has scikit-learn.
 */

import { cpus } from "node:os";
import { parseArgs } from "node:util";

import { kmeans } from "./kmeans.js";
import { threshold } from "./threshold.js";

const { values } = parseArgs({ options: { customers: { type: "string", default: "1000000" }, only: { type: "string" } } });

console.log(`${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} threads, Node ${process.version}`);
if (values.only !== "threshold") await kmeans();
if (values.only !== "kmeans") await threshold(Number(values.customers));
