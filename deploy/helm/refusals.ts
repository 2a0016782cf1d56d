/**
 * Last part of `deploy/helm/check`: helm, given values that can't work, says why and changes nothing. What the cluster's Secrets
 * hold is answered by a stand-in for its API server, for helm asks it nothing else before it renders.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chartFiles } from "./generate.ts";
import type { MeshFile } from "./workloads.ts";

const chart = fileURLToPath(new URL("wamesh", import.meta.url));
const minimal = join(chart, "ci/minimal.yaml");
const production = join(chart, "ci/production.yaml");
const everything = join(chart, "ci/everything.yaml");
const mesh = JSON.parse(chartFiles()["mesh.json"]!) as MeshFile;

type Case = { what: string; values?: string; set: readonly string[]; says: readonly RegExp[] };

const broken: readonly Case[] = [
  {
    what: "a value that does not exist",
    set: ["workloads.dispatcher.replcas=3"],
    says: [/workloads\/dispatcher.*replcas/s],
  },
  {
    what: "a value of the wrong kind",
    set: ['workloads.dispatcher.replicas="many"'],
    says: [/got string, want integer/],
  },
  { what: "a broker without a port", set: ['kafka.brokers=["kafka"]'], says: [/kafka\/brokers\/0/] },
  {
    what: "nothing but the defaults",
    set: ["kafka.brokers=[]", 'publicOrigin=""', 'registry.url=""'],
    says: [/kafka\.brokers is empty: name/, /publicOrigin is empty: set/, /registry\.url is empty: set/],
  },
  {
    what: "a password over plain text",
    set: ['kafka.saslMechanism="plain"'],
    says: [/plain text: set kafka\.tls=true/],
  },
  {
    what: "more processes than partitions",
    set: ["workloads.dispatcher.replicas=65"],
    says: [/dispatcher may have 65 processes, its topics have 64 partitions/],
  },
  {
    what: "a setting that no service has",
    set: ['settings.WAMESH_LOGLEVEL="info"'],
    says: [/WAMESH_LOGLEVEL is no setting of any service/],
  },
  {
    what: "another service's setting",
    set: ['workloads.ingest-api.settings.WAMESH_IN_FLIGHT="9"'],
    says: [/WAMESH_IN_FLIGHT is no setting of ingest: see services\/ingest\/README\.md/],
  },
  {
    what: "a secret among the values",
    set: ['settings.WAMESH_META_APPS="1:x:y"'],
    says: [/WAMESH_META_APPS is a secret: put it into the services' Secrets/],
  },
  {
    what: "a setting that the chart sets",
    set: ['workloads.webhook-worker.settings.WAMESH_ROLES="receiver"'],
    says: [/WAMESH_ROLES is set by the chart/],
  },
  {
    what: "autoscaling without KEDA and Prometheus",
    set: ["autoscaling.enabled=true"],
    says: [/prometheusUrl is empty/, /needs KEDA, which this cluster does not have: install it/],
  },
  {
    what: "network policies that let nobody in or out",
    set: ["networkPolicy.enabled=true"],
    says: [/networkPolicy\.kafka\.to is empty/, /networkPolicy\.gateway is empty/],
  },
  {
    what: "one Secret for two services",
    set: ['secretNames.ingest="wamesh-dispatcher"'],
    says: [/gives one Secret to several services/],
  },
  {
    what: "a Gateway without a parent",
    values: production,
    set: ["gateway.enabled=true"],
    says: [/ingress and gateway are both enabled/, /parentRefs is empty/, /needs the Gateway API/],
  },
];

type Secrets = Record<string, readonly string[]>;

/** Every Secret with every key that the values ask for. */
const complete: Secrets = Object.fromEntries(
  Object.entries(mesh.services).map(([service, { secrets }]) => [`wamesh-${service}`, secrets]),
);
const { "wamesh-deploy": _, ...withoutDeploy } = complete;

const secretCases: readonly (Omit<Case, "set"> & { secrets: Secrets })[] = [
  {
    what: "an empty namespace",
    secrets: {},
    says: [
      /no Secret wamesh-ingest in wamesh: make it with the keys WAMESH_KEY_PEPPERS, WAMESH_POSTGRES_URL/,
      /no Secret wamesh-deploy in wamesh: make it with the keys WAMESH_APP_PASSWORD/,
    ],
  },
  { what: "a missing Secret", secrets: withoutDeploy, says: [/\(1\):\s+- there is no Secret wamesh-deploy/] },
  {
    what: "a Secret without one of its keys",
    secrets: { ...complete, "wamesh-dispatcher": ["WAMESH_POSTGRES_URL", "WAMESH_RECIPIENT_TOKEN_KEYS"] },
    says: [/\(1\):\s+- the Secret wamesh-dispatcher has no key WAMESH_CREDENTIAL_KEYS: add it/],
  },
  {
    what: "a workload's own Secret that is missing",
    values: everything,
    secrets: complete,
    says: [/no Secret mesh-webhook-receiver in wamesh: make it with the keys WAMESH_CALLBACK_PEPPERS/],
  },
  {
    what: "SASL without user and password",
    values: production,
    secrets: complete,
    says: [
      /wamesh-ingest has no key WAMESH_KAFKA_SASL_PASSWORD/,
      /wamesh-webhook-router has no key WAMESH_META_APPS/,
      /authorities has no key ca\.crt, which extraAuthorities names/,
    ],
  },
];

const folder = mkdtempSync(join(tmpdir(), "wamesh-chart-"));
const [helm = "helm"] = process.argv.slice(2);
let failures = 0;

for (const { what, values = minimal, set, says } of broken)
  judge(
    what,
    await template(
      values,
      set.flatMap((one) => ["--set-json", one]),
    ),
    says,
  );
for (const { what, values = minimal, secrets, says } of secretCases)
  judge(what, await withCluster(secrets, values), says);

const good = await withCluster(complete, minimal);
if (good.code !== 0) complain("a complete set of Secrets is refused", good.text);
rmSync(folder, { recursive: true });
console.log(`${broken.length + secretCases.length - failures} refusals as they should be, ${failures} not`);
process.exitCode = failures > 0 ? 1 : 0;

type Outcome = { code: number | null; text: string };

function judge(what: string, { code, text }: Outcome, says: readonly RegExp[]): void {
  const unsaid = says.filter((words) => !words.test(text));
  if (code === 0) complain(`${what} is not refused`, "");
  else if (unsaid.length > 0) complain(`${what} is refused without ${unsaid.join(" and ")}`, text);
  else console.log(`refused: ${what}`);
}

function complain(what: string, text: string): void {
  failures += 1;
  console.error(`NOT AS IT SHOULD BE: ${what}\n${text}`);
}

async function template(values: string, more: readonly string[]): Promise<Outcome> {
  const child = spawn(
    helm,
    [
      "template",
      "wamesh",
      chart,
      "--namespace",
      "wamesh",
      "--kube-version",
      "1.30.0",
      "--values",
      values,
      ...more,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let text = "";
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, text };
}

/** Renders as `helm install` does, with a cluster that has these Secrets and nothing else. */
async function withCluster(secrets: Secrets, values: string): Promise<Outcome> {
  const items = Object.entries(secrets).map(([name, keys]) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "wamesh" },
    data: Object.fromEntries(keys.map((key) => [key, ""])),
  }));
  const answers: Record<string, object> = {
    "/api/v1": {
      kind: "APIResourceList",
      groupVersion: "v1",
      resources: [
        { name: "secrets", singularName: "secret", namespaced: true, kind: "Secret", verbs: ["list"] },
      ],
    },
    "/api/v1/namespaces/wamesh/secrets": { kind: "SecretList", apiVersion: "v1", metadata: {}, items },
  };
  const server = createServer((request, response) => {
    const answer = answers[request.url?.split("?")[0] ?? ""];
    response
      .writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" })
      .end(JSON.stringify(answer ?? {}));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "stand-in",
      contexts: [{ name: "stand-in", context: { cluster: "stand-in", user: "" } }],
      clusters: [
        {
          name: "stand-in",
          cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
        },
      ],
    }),
  );
  try {
    return await template(values, ["--dry-run=server", "--kubeconfig", kubeconfig]);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
