/** The worker of the package: one engine, told what to do by messages. */

import { openEngine } from "./engine.js";
import { serve } from "./hosts.js";

serve(/** @type {any} */ (self), openEngine);
