/** `npm run dashboards`: writes a JSON file per dashboard from source/. A test fails when one is stale. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { render } from "./render.ts";
import { dashboards } from "./source/index.ts";

const files = dashboards.map((dashboard) => {
  const file = fileURLToPath(new URL(`${dashboard.uid}.json`, import.meta.url));
  writeFileSync(file, JSON.stringify(render(dashboard), null, 2));
  return file;
});
execFileSync("biome", ["format", "--write", ...files], { stdio: "inherit" });
