/** Compose file and Dockerfile, as far as they can be checked where no container engine runs: shape, pins, paths, settings. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type SettingsShape, settingsTable } from "@wamesh/service";
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
};
const compose = parse(readFileSync(`${root}docker-compose.yml`, "utf8"), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const wameshServices = ["ingest", "dispatcher", "session-manager", "webhook-router", "status-projector"];

describe("docker-compose.yml", () => {
  it("starts infrastructure by default and the five services by profile", () => {
    const byDefault = services.filter(([, service]) => service.profiles === undefined).map(([name]) => name);
    expect(byDefault.sort()).toEqual(["kafka", "postgres", "redis", "registry"]);
    for (const name of wameshServices) expect(compose.services[name]?.profiles).toEqual(["services"]);
  });

  it.each(services)("%s is pinned to a version", (_name, service) => {
    expect(service.image).toMatch(/:[0-9]+\.[0-9]/);
  });

  it.each(services.filter(([name]) => name !== "deploy"))("%s has a health check", (_name, service) => {
    expect(service.healthcheck?.test.length).toBeGreaterThan(1);
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

  it.each(wameshServices)(
    "%s gets every setting without a default that its configuration names",
    async (name) => {
      const { settings } = (await import(`${root}services/${name}/src/config.ts`)) as {
        settings: SettingsShape;
      };
      const required = settingsTable(settings)
        .filter((row) => row.required)
        .map((row) => row.name);
      expect(required.length).toBeGreaterThan(2);
      expect(Object.keys(compose.services[name]?.environment ?? {})).toEqual(
        expect.arrayContaining(required),
      );
    },
  );
});

describe("deploy/Dockerfile", () => {
  const lines = readFileSync(`${root}deploy/Dockerfile`, "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

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
