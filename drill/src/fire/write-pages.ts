/** `npm run runbooks`: what docs/runbooks says of the drill, written anew from its record. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { alertsOf, readGroups } from "../../../deploy/prometheus/rules.ts";
import { fires } from "./fires/index.ts";
import { drilledOf, tableOf, withDrilled } from "./pages.ts";
import { mergedWith, type Record_ } from "./record.ts";

const folder = fileURLToPath(new URL("../../../docs/runbooks/", import.meta.url));
const recordFile = `${folder}generated/drilled.json`;

function readRecord(): Record_ {
  return JSON.parse(readFileSync(recordFile, "utf8")) as Record_;
}

/** Beside what is recorded of other fires. */
export function writeRecord(now: Record_): void {
  const before = existsSync(recordFile) ? readRecord() : null;
  writeFileSync(recordFile, `${JSON.stringify(mergedWith(before, now, fires), null, 2)}\n`);
}

/** By file, as they should be. */
export function pagesNow(): Map<string, string> {
  const record = readRecord();
  const page = (name: string, words: string): [string, string] => [
    folder + name,
    withDrilled(readFileSync(folder + name, "utf8"), words),
  ];
  const alerts = new Set(alertsOf(readGroups()).map(({ alert }) => alert));
  return new Map([
    page("README.md", tableOf(fires, record)),
    ...[...alerts].map((alert) => page(`${alert}.md`, drilledOf(alert, fires, record))),
  ]);
}

export function writePages(): void {
  for (const [file, text] of pagesNow()) writeFileSync(file, text);
}

if (import.meta.main) writePages();
