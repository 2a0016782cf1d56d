/** The alert and recording rules, as they lie in rules/. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

export type AlertRule = {
  alert: string;
  expr: string;
  /** A Prometheus duration; at once when missing. */
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
};
export type RecordingRule = { record: string; expr: string };
export type Rule = AlertRule | RecordingRule;
export type Group = { name: string; rules: readonly Rule[] };

const folder = fileURLToPath(new URL("rules/", import.meta.url));

export function readGroups(): Group[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => (parse(readFileSync(folder + file, "utf8")) as { groups: Group[] }).groups);
}

export function alertsOf(groups: readonly Group[]): AlertRule[] {
  return groups.flatMap(({ rules }) => rules).filter((rule) => "alert" in rule);
}
