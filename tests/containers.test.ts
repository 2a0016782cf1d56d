/** Compose files and Dockerfile, as far as they can be checked where no container engine runs: shape, pins, paths, settings. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { IMAGES } from "@wamesh/local/containers";
import { loadSettings, type SettingsShape, settingsTable } from "@wamesh/service";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = fileURLToPath(new URL("../", import.meta.url));

type Service = {
  image?: string;
  command?: string[];
  profiles?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  volumes?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  stop_grace_period?: string;
};
const compose = parse(readFileSync(`${root}docker-compose.yml`, "utf8"), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.image?.startsWith("wamesh:"));
const dockerfile = readFileSync(`${root}deploy/Dockerfile`, "utf8");
const wameshServices = ["ingest", "dispatcher", "session-manager", "webhook-router", "status-projector"];

async function settingsOf(name: string): Promise<SettingsShape> {
  const { settings } = (await import(`${root}services/${name}/src/config.ts`)) as { settings: SettingsShape };
  return settings;
}

/** As the container sees it: `${NAME:-default}` filled in from what the operator said. */
function environmentOf(name: string, said: Record<string, string>): Record<string, string> {
  const entries = Object.entries(compose.services[name]?.environment ?? {});
  return Object.fromEntries(
    entries.map(([key, text]) => [
      key,
      text.replace(
        /\$\{([A-Z_]+):-([^}]*)\}/g,
        (_, variable: string, otherwise: string) => said[variable] || otherwise,
      ),
    ]),
  );
}
/** What has no value for a laptop. */
const needed = {
  WAMESH_OPERATOR_KEY: `wam_operator0000_${"a".repeat(43)}`,
};

describe("docker-compose.yml", () => {
  it("starts infrastructure by default and the five services by profile", () => {
    const byDefault = services.filter(([, service]) => service.profiles === undefined).map(([name]) => name);
    expect(byDefault.sort()).toEqual(["kafka", "postgres", "redis", "registry"]);
    for (const name of wameshServices) expect(compose.services[name]?.profiles).toEqual(["services"]);
  });

  it.each(services)("%s is pinned to a version", (_name, service) => {
    expect(service.image?.replace(/\$\{\w+:-(.*)\}/, "$1")).toMatch(/:[0-9]+\.[0-9]/);
  });

  it.each(services.filter((one) => !ours.includes(one)))("%s has a health check", (_name, service) => {
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
  });

  it.each(ours.filter(([name]) => name !== "deploy"))(
    "%s keeps the image's health check",
    (_name, service) => {
      expect(service.healthcheck).toBeUndefined();
      expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    },
  );

  it.each(ours)("%s can write no file and gain no right", (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
  });

  it.each(wameshServices)("%s is given longer to stop than it takes at most", (name) => {
    // packages/service ends a process that has not stopped after ten seconds.
    expect(compose.services[name]?.stop_grace_period).toBe("15s");
  });

  it.each(Object.entries(IMAGES))("%s is the image that the tests start too", (name, image) => {
    expect(compose.services[name]?.image).toBe(image);
  });

  it.each(services)(
    "%s runs and mounts files that exist, and waits for services that exist",
    (_name, service) => {
      if (service.image?.startsWith("wamesh:")) expect(existsSync(root + service.command?.[0])).toBe(true);
      for (const volume of service.volumes ?? []) {
        const source = volume.split(":")[0] ?? "";
        expect(source.startsWith("./") ? existsSync(root + source) : source in compose.volumes).toBe(true);
      }
      for (const dependency of Object.keys(service.depends_on ?? {}))
        expect(compose.services).toHaveProperty(dependency);
    },
  );

  it.each(wameshServices)("%s starts with what it gets when only the operator's key is set", async (name) => {
    const settings = await settingsOf(name);
    expect(() => loadSettings(settings, environmentOf(name, needed))).not.toThrow();
  });

  it.each([
    ["dispatcher", "windowGate", "WAMESH_WINDOW_GATE", "off"],
    ["dispatcher", "mediaAllow", "WAMESH_MEDIA_ALLOW", "10.0.0.0/8:8080"],
    ["dispatcher", "mediaMaxMb", "WAMESH_MEDIA_MAX_MB", 32],
    ["dispatcher", "doubtResolveS", "WAMESH_DOUBT_RESOLVE_S", 7],
    ["session-manager", "metaSignupConfig", "WAMESH_META_SIGNUP_CONFIG", "42"],
    ["webhook-router", "webhookAllow", "WAMESH_WEBHOOK_ALLOW", "10.0.0.0/8:8080"],
  ])("%s takes %s from the operator", async (name, key, setting, value) => {
    const said = { ...needed, [setting]: String(value) };
    expect(loadSettings(await settingsOf(name), environmentOf(name, said))[key]).toBe(value);
  });

  it("passes the services no setting that none of them reads", async () => {
    const read = new Set<string>();
    for (const name of wameshServices)
      for (const row of settingsTable(await settingsOf(name))) read.add(row.name);
    for (const name of wameshServices)
      expect(Object.keys(compose.services[name]?.environment ?? {}).filter((one) => !read.has(one))).toEqual(
        [],
      );
  });

  it.each(wameshServices)(
    "%s gets every setting without a default that its configuration names",
    async (name) => {
      const required = settingsTable(await settingsOf(name))
        .filter((row) => row.required)
        .map((row) => row.name);
      expect(required.length).toBeGreaterThan(2);
      expect(Object.keys(compose.services[name]?.environment ?? {})).toEqual(
        expect.arrayContaining(required),
      );
    },
  );
});

describe("deploy/compose/demo.yml", () => {
  const demo = parse(readFileSync(`${root}deploy/compose/demo.yml`, "utf8"), { merge: true }) as {
    services: Record<string, Service>;
  };

  it.each(wameshServices)("%s takes the settings that the demo adds", async (name) => {
    const added = demo.services[name]?.environment ?? {};
    const settings = await settingsOf(name);
    expect(Object.keys(added)).toContain("WAMESH_PUBLIC_ORIGIN");
    expect(() => loadSettings(settings, { ...environmentOf(name, needed), ...added })).not.toThrow();
  });
});

describe("deploy/Dockerfile", () => {
  const lines = dockerfile.split("\n").filter((line) => line !== "" && !/^(#|\s)/.test(line));

  it("needs no frontend from a registry", () => {
    expect(dockerfile).not.toMatch(/^# syntax/m);
  });

  it("has only instructions that Docker knows, from pinned images, and ends as an ordinary user", () => {
    const known = /^(FROM|WORKDIR|COPY|RUN|ENV|EXPOSE|HEALTHCHECK|ENTRYPOINT|CMD|USER) \S/;
    for (const line of lines) expect(line).toMatch(known);
    for (const line of lines.filter((one) => one.startsWith("FROM"))) expect(line).toMatch(/:\d+\.\d+/);
    expect(lines.filter((line) => line.startsWith("USER")).at(-1)).toBe("USER node");
  });

  it("copies folders that exist", () => {
    for (const line of lines.filter((one) => /^COPY (?!--)/.test(one))) {
      const sources = line.split(" ").slice(1, -1);
      for (const source of sources) expect(existsSync(root + source), source).toBe(true);
    }
  });
});
