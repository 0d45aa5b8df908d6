/** A page without an interface: the package as regulars.html carries it, within reach of the tests. */

import { openWorkspace } from "regulars";
import { embedded } from "regulars/embedded";

Object.assign(window, { openWorkspace, embedded: () => embedded(/** @type {any} */ (window).regulars) });
document.documentElement.dataset.ready = "";
