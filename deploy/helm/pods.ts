/**
 * Part of `deploy/helm/check`: what a rendered pod is given, its process must take. Each container's environment, with secrets of the
 * right shape in its files, is read by the settings of the very service that it starts. `node pods.ts FILE …`
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSettings, processSettings, type SettingsShape, settingName } from "@wamesh/service";
import { parseAllDocuments } from "yaml";
import { settings as deploy } from "../deploy.ts";
import { serviceSettings } from "../service-settings.ts";

type Variable = { name: string; value?: string };
type Container = { name: string; args: string[]; env: Variable[] };
type Pod = {
  containers: Container[];
  volumes: { secret?: { items: { key: string; path: string }[] } }[];
};
type Resource = {
  kind: string;
  metadata: { name: string };
  spec: Partial<Pod> & { template?: { spec: Pod } };
};

const mounted = "/run/secrets/wamesh/";
const folder = mkdtempSync(join(tmpdir(), "wamesh-pods-"));
const key = Buffer.alloc(32, 7).toString("base64");
const secrets: Record<string, string> = {
  WAMESH_POSTGRES_URL: "postgres://role:password@postgres.example.com/wamesh?sslmode=verify-full",
  WAMESH_REDIS_URL: "rediss://wamesh:password@redis.example.com:6380",
  WAMESH_KEY_PEPPERS: "2026-11:0123456789abcdef0123456789abcdef",
  WAMESH_RECIPIENT_TOKEN_KEYS: "2026-11:0123456789abcdef0123456789abcdef",
  WAMESH_CALLBACK_PEPPERS: "2026-11:0123456789abcdef0123456789abcdef",
  WAMESH_CREDENTIAL_KEYS: `2026-11:${key}`,
  WAMESH_ENDPOINT_KEYS: `2026-11:${key}`,
  WAMESH_OPERATOR_KEY: `wam_operator0000_${"a".repeat(43)}`,
  WAMESH_META_APPS: "1234567890:secret:verify",
  WAMESH_APP_PASSWORD: "password",
  WAMESH_KAFKA_SASL_USERNAME: "wamesh",
  WAMESH_KAFKA_SASL_PASSWORD: "password",
};

let pods = 0;
const problems: string[] = [];
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    const resource = document.toJS() as Resource | null;
    const pod = resource?.spec.template?.spec ?? resource?.spec;
    if (resource === null || pod?.containers === undefined) continue;
    pods += 1;
    try {
      takes(pod as Pod);
    } catch (error) {
      problems.push(`${file}: ${resource.kind}/${resource.metadata.name}: ${String(error)}`);
    }
  }
}
rmSync(folder, { recursive: true });
console.log(
  [...problems, `${pods - problems.length} of ${pods} pods start with settings that they take`].join("\n"),
);
process.exitCode = problems.length > 0 || pods === 0 ? 1 : 0;

/** Throws with what the process would say, or for a variable that it does not know. */
function takes({ containers, volumes }: Pod): void {
  const files = new Set(volumes.flatMap(({ secret }) => secret?.items.map(({ path }) => path) ?? []));
  for (const { args, env } of containers) {
    const shape = shapeOf(args[0] ?? "");
    const known = new Set(Object.keys(shape).map(settingName));
    const given: Record<string, string> = {};
    for (const { name, value } of env) {
      const setting = name.replace(/_FILE$/, "");
      if (name.startsWith("WAMESH_") && !known.has(setting))
        throw new Error(`${name} is no setting of ${args[0]}`);
      if (value?.startsWith(mounted)) {
        if (!files.has(value.slice(mounted.length)))
          throw new Error(`${name} names ${value}, which is not mounted`);
        given[name] = written(setting);
      } else given[name] = value ?? "pod-name";
    }
    loadSettings(shape, given);
  }
}

function shapeOf(main: string): SettingsShape {
  if (main.startsWith("deploy/")) return { ...processSettings, ...deploy };
  const [, service] = /^services\/([a-z-]+)\/src\/main\.ts$/.exec(main) ?? [];
  const found = Object.entries(serviceSettings).find(([name]) => name === service);
  if (found === undefined) throw new Error(`${main} is no service's`);
  return { ...processSettings, ...found[1] };
}

function written(setting: string): string {
  const value = secrets[setting];
  if (value === undefined) throw new Error(`${setting} has no example here: add one`);
  const file = join(folder, setting);
  writeFileSync(file, value);
  return file;
}
