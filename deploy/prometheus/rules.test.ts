import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { commands } from "../../packages/cli/src/commands.ts";
import { catalogue, type Metric } from "../../packages/metrics/src/index.ts";
import { knownMetrics } from "./known-metrics.ts";
import { metricNames } from "./metric-names.ts";
import { alertsOf, readGroups } from "./rules.ts";

const groups = readGroups();
const alerts = alertsOf(groups);
const page = (alert: string) => fileURLToPath(new URL(`../../docs/runbooks/${alert}.md`, import.meta.url));
const folder = new URL("../../docs/runbooks/", import.meta.url);
const runbooks = readdirSync(folder)
  .filter((file) => file.endsWith(".md"))
  .map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));
const cases = ["sessions", "dispatch", "edges", "stack"]
  .map((name) => readFileSync(new URL(`tests/${name}.test.yml`, import.meta.url), "utf8"))
  .join("\n");

it("there are alerts, and no two of one name and severity", () => {
  const keys = alerts.map(({ alert, labels }) => `${alert} ${labels.severity}`);
  expect(keys.length).toBeGreaterThan(20);
  expect(new Set(keys).size).toBe(keys.length);
});

it.each(alerts)("$alert says how urgent it is, what happens, and where its page is", (rule) => {
  expect(["page", "ticket"]).toContain(rule.labels.severity);
  expect(Object.keys(rule.annotations).sort()).toEqual(["description", "runbook_url", "summary"]);
  expect(rule.annotations.runbook_url).toBe(`{{ $externalLabels.runbooks }}/${rule.alert}.md`);
});

it.each([...new Set(alerts.map(({ alert }) => alert))])("%s has a runbook with all its parts", (alert) => {
  expect(existsSync(page(alert)), `docs/runbooks/${alert}.md is missing`).toBe(true);
  const headings = [...readFileSync(page(alert), "utf8").matchAll(/^## (.*)$/gm)].map(
    ([, heading]) => heading,
  );
  expect(headings).toEqual(["What it means", "What users feel", "What to look at", "What to do", "Drilled"]);
});

it.each([...new Set(alerts.map(({ alert }) => alert))])("%s has a case in which it fires", (alert) => {
  expect(cases).toContain(`alertname="${alert}",severity=`);
});

it("every rule asks only for metrics that exist", () => {
  const recorded = groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])),
  );
  const known = new Set([...knownMetrics(), ...recorded]);
  const asked = groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => metricNames(expr)));
  expect([...new Set(asked)].filter((name) => !known.has(name))).toEqual([]);
});

/** Begun by the code that knows their labels, or counted otherwise. */
const begunElsewhere: Record<string, string> = {
  wamesh_dead_letters_total: "nobody can name all topics and reasons: recording.yml counts first appearances",
  wamesh_http_server_requests_total: "packages/http begins the errors of each route",
  wamesh_lease_changes_total: "packages/store begins each lease that is kept",
  wamesh_tenant_messages_total: "the status-projector says all outcomes with a tenant's first",
};

it("what rules count begins at zero, so that the first event is seen", () => {
  const counted = groups.flatMap(({ rules }) =>
    rules.flatMap(({ expr }) => [...expr.matchAll(/\b(?:rate|increase)\((\w+)/g)].map(([, name]) => name!)),
  );
  const metrics = Object.entries(catalogue) as [string, Metric][];
  const late = [...new Set(counted)].filter((series) => {
    const [, metric] = metrics.find(
      ([name]) => series.replace(/_(bucket|count|sum)$/, "") === `wamesh_${name}`,
    )!;
    return metric.labels.length > 0 && metric.begins === undefined;
  });
  expect(late.sort()).toEqual(Object.keys(begunElsewhere).sort());
});

it("runbooks name only metrics that exist, commands that exist, and pages that exist", () => {
  const recorded = groups.flatMap(({ rules }) =>
    rules.flatMap((rule) => ("record" in rule ? [rule.record] : [])),
  );
  const known = new Set([...knownMetrics(), ...recorded]);
  const wrong = runbooks.flatMap(({ file, text }) => [
    ...[...text.matchAll(/wamesh[_:][\w:]+/g)]
      .map(([name]) => name)
      .filter((name) => !known.has(name) && !known.has(`${name}_bucket`))
      .map((name) => `${file}: ${name}`),
    ...[...text.matchAll(/npx wamesh (\w+)/g)]
      .filter(([, name]) => !commands.some((command) => command.name === name))
      .map(([line]) => `${file}: ${line}`),
    ...[...text.matchAll(/\]\((Wamesh\w+\.md)\)/g)]
      .filter(([, page]) => !runbooks.some((one) => one.file === page))
      .map(([, page]) => `${file}: ${page}`),
  ]);
  expect(wrong).toEqual([]);
});

it("no page counts a fault of recipients, contents, policies or paces", () => {
  const classes = alerts
    .filter(({ labels }) => labels.severity === "page")
    .map(({ expr }) => /fault_class[^,}]*/.exec(expr)?.[0] ?? "")
    .join(" ");
  expect(classes).not.toMatch(/recipient|content|policy|pace|!/);
});
