/** The chart as far as it can be judged without helm; `sh deploy/helm/check` renders and validates it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { routesTo } from "../local/src/gateway-routes.ts";
import { chartFiles } from "./generate.ts";
import { type MeshFile, setByChart, workloads } from "./workloads.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const chart = `${root}deploy/helm/wamesh/`;
const text = (path: string) => readFileSync(`${chart}${path}`, "utf8");
const files = chartFiles();
const mesh = JSON.parse(files["mesh.json"]!) as MeshFile;
const everySetting = new Set(Object.values(mesh.services).flatMap(({ settings }) => settings));

type Values = {
  settings?: Record<string, string>;
  fromSecret?: string[];
  secretNames?: Record<string, string>;
  workloads?: Record<string, { settings?: Record<string, string> }>;
};
const values = (path: string) => parse(text(path)) as Values;
const sets = readdirSync(`${chart}ci`).map((name) => `ci/${name}`);

test.each(Object.keys(files))("generated/%s says what the repository says (else: npm run chart)", (name) => {
  expect(text(`generated/${name}`)).toBe(files[name]);
});

test("no file in the chart is left over from rules that are gone", () => {
  const rules = existsSync(`${chart}generated/rules`) ? readdirSync(`${chart}generated/rules`) : [];
  expect(rules.map((name) => `rules/${name}`).sort()).toEqual(
    Object.keys(files)
      .filter((name) => name.startsWith("rules/"))
      .sort(),
  );
});

test("every path of the gateway belongs to one workload that answers HTTP, of the service the gateway means", () => {
  const routes = routesTo({
    ingest: "ingest",
    "session-manager": "session-manager",
    "webhook-router": "webhook-router",
    "status-projector": "status-projector",
  });
  const charted = Object.values(mesh.workloads).flatMap(({ service, http, paths }) =>
    paths.map((path) => [path, http ? service : "nobody"]),
  );
  expect(charted).toHaveLength(Object.keys(routes).length);
  expect(Object.fromEntries(charted)).toEqual(routes);
});

test("callbacks go to the receiver, which scales apart from the worker", () => {
  expect(mesh.workloads["webhook-receiver"]?.paths).toEqual(["/callbacks"]);
  expect(mesh.workloads["webhook-worker"]?.paths).toContain("/v1/endpoints");
});

test("every role of every service runs somewhere", () => {
  const roles = (service: string) =>
    Object.values<{ service: string; roles: string | null }>(workloads)
      .filter((workload) => workload.service === service)
      .flatMap((workload) => workload.roles?.split(",") ?? []);
  expect(roles("ingest").sort()).toEqual(["api", "worker"]);
  expect(roles("webhook-router").sort()).toEqual(["receiver", "worker"]);
  expect(roles("status-projector").sort()).toEqual(["fold", "query", "usage"]);
});

// KEDA would scale on a group that nobody joins, and see no lag for ever.
test.each(
  Object.values(workloads).flatMap(({ service, groups }) => groups.map((group) => [group, service] as const)),
)("%s is a group that %s joins", (group, service) => {
  const source = sourceOf(`${root}services/${service}/src`);
  const literals = new Set([...source.matchAll(/"([a-z][a-z-]*)"/g)].map(([, word]) => word));
  const cuts = [...group.matchAll(/-/g)].map(({ index }) => [group.slice(0, index), group.slice(index + 1)]);
  expect(literals.has(group) || cuts.some((parts) => parts.every((part) => literals.has(part)))).toBe(true);
});

describe("settings", () => {
  test("that the chart sets exist", () => {
    const named = readdirSync(`${chart}templates`).flatMap((name) =>
      name === "tests" || name === "_refuse.tpl"
        ? []
        : [...text(`templates/${name}`).matchAll(/"(WAMESH_[A-Z_]+)"/g)],
    );
    expect(named.length).toBeGreaterThan(8);
    for (const [, name] of named) expect(everySetting).toContain(name);
    for (const name of setByChart) expect(everySetting).toContain(name);
  });

  test.each(sets)("of %s exist in the services they are given to", (path) => {
    const given = values(path);
    for (const name of [...Object.keys(given.settings ?? {}), ...(given.fromSecret ?? [])])
      expect(everySetting).toContain(name);
    for (const [workload, { settings = {} }] of Object.entries(given.workloads ?? {}))
      for (const name of Object.keys(settings))
        expect(mesh.services[mesh.workloads[workload]!.service]!.settings).toContain(name);
  });

  test("that are secret are mounted from a Secret of each service", () => {
    expect(Object.keys(values("values.yaml").secretNames ?? {}).sort()).toEqual(
      Object.keys(mesh.services).sort(),
    );
    expect(mesh.services.dispatcher?.secrets).toContain("WAMESH_CREDENTIAL_KEYS");
    expect(mesh.services.ingest?.secrets).not.toContain("WAMESH_CREDENTIAL_KEYS");
  });
});

type Schema = { properties?: Record<string, Schema>; additionalProperties?: unknown };

test("the schema knows every value that there is, and refuses all others", () => {
  const unknown: string[] = [];
  const open: string[] = [];
  const compare = (schema: Schema | undefined, value: unknown, path: string): void => {
    if (schema === undefined) return void unknown.push(path);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    if (schema.properties === undefined) return;
    if (schema.additionalProperties !== false) open.push(path);
    for (const [key, part] of Object.entries(value))
      compare(schema.properties[key], part, path === "" ? key : `${path}.${key}`);
  };
  const schema = JSON.parse(text("values.schema.json")) as Schema;
  for (const path of ["values.yaml", ...sets]) compare(schema, values(path), "");
  expect({ unknown, open }).toEqual({ unknown: [], open: [] });
  expect(Object.keys(values("values.yaml").workloads ?? {})).toEqual(Object.keys(workloads));
});

test("a process that a pod starts is the file that the image has", () => {
  for (const { main } of Object.values(mesh.services)) expect(existsSync(`${root}${main}`)).toBe(true);
});

function sourceOf(folder: string): string {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => readFileSync(`${folder}/${name}`, "utf8"))
    .join("\n");
}
