/** One mesh of five real processes for all tests here, with a small control server so that a test can kill and restart parts. */
import { randomBytes } from "node:crypto";
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type Mesh, type ServerName, type ServiceName, startMesh } from "@wamesh/local";
import type { TestProject } from "vitest/node";
import type {} from "./fixture.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = fileURLToPath(new URL(`../../.wamesh/mesh-test-${process.pid}`, import.meta.url));
  const spans = await startSpanSink(dataDir);
  const rings = makeRings(dataDir);
  const mesh = await startMesh({
    dataDir,
    log: (line) => console.error(line),
    env: {
      // Doubts that no echo settles end within a test's patience.
      WAMESH_DOUBT_RESOLVE_S: "10",
      // So that a test sees what is told of single messages, and that it tells no secret.
      WAMESH_LOG_LEVEL: "debug",
      OTEL_EXPORTER_OTLP_ENDPOINT: spans.url,
      // From files, so that a test can change them under a running mesh; an empty variable counts as not set.
      WAMESH_CREDENTIAL_KEYS: "",
      WAMESH_CREDENTIAL_KEYS_FILE: rings.credentials,
      WAMESH_ENDPOINT_KEYS: "",
      WAMESH_ENDPOINT_KEYS_FILE: rings.endpoints,
    },
  });
  const control = await startControl(mesh);
  project.provide("mesh", {
    origin: mesh.origin,
    operatorKey: mesh.operatorKey,
    simulator: mesh.simulator,
    metaApp: mesh.metaApp,
    control: control.url,
    logs: `${dataDir}/logs`,
    serverLogs: `${dataDir}/stack`,
    secrets: `${dataDir}/secrets.json`,
    spans: spans.file,
    rings,
    kafkaBrokers: mesh.stack.kafkaBrokers,
    registryUrl: mesh.stack.registryUrl,
    postgresUrl: mesh.stack.postgresUrl,
  });
  return async () => {
    await control.close();
    await mesh.stop();
    await spans.close();
    rmSync(dataDir, { recursive: true, force: true });
  };
}

/** `GET /services/{name}`: where it listens now. `POST /services/{name}/{kill|start|stop}` and `POST /servers/{name}/{kill|start|stop}`; 204, or 500 with the reason. */
async function startControl(mesh: Mesh): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const [, kind, name, action] = (request.url ?? "").split("/");
    const service = kind === "services" ? mesh.services[name as ServiceName] : undefined;
    const part = service ?? mesh.stack.server(name as ServerName);
    if (request.method === "GET" && service !== undefined) {
      response.end(JSON.stringify({ url: service.url(), probes: service.probes() }));
      return;
    }
    if (action !== "kill" && action !== "start" && action !== "stop") {
      response.writeHead(404).end();
      return;
    }
    part[action]().then(
      () => response.writeHead(204).end(),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Files with the key rings: one key each, to begin with. */
function makeRings(dir: string): { credentials: string; endpoints: string } {
  const rings = { credentials: `${dir}/credential-keys`, endpoints: `${dir}/endpoint-keys` };
  for (const file of Object.values(rings))
    writeFileSync(file, `first:${randomBytes(32).toString("base64")}`, { mode: 0o600 });
  return rings;
}

/** A collector of spans, as the services export them: each request's body is a line of the file. */
async function startSpanSink(dir: string): Promise<{ url: string; file: string; close(): Promise<void> }> {
  mkdirSync(dir, { recursive: true });
  const file = `${dir}/spans.jsonl`;
  const out = createWriteStream(file);
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    out.write(`${Buffer.concat(parts).toString("utf8")}\n`, () => {
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    file,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => out.end(resolve)));
    },
  };
}
