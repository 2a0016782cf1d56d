/** Writes docs/metrics.md. Run by `npm run metrics`; a test says when it is stale. */
import { writeFileSync } from "node:fs";
import { catalogue } from "./src/catalogue.ts";
import { reference } from "./src/reference.ts";

writeFileSync(new URL("../../docs/metrics.md", import.meta.url), reference(catalogue));
