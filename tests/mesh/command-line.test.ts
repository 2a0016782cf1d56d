/** What people type, and the client it is made of, against the mesh. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { documentPath, written } from "../../packages/client/generate.ts";
import { cloudTenant, mesh, service, type TestTenant, until } from "./fixture.ts";

const wamesh = fileURLToPath(new URL("../../packages/cli/bin/wamesh.js", import.meta.url));
let acme: TestTenant;
let folder: string;
beforeAll(async () => {
  acme = await cloudTenant("command-line", { ratePerS: 200 });
  folder = mkdtempSync(join(tmpdir(), "wamesh-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (...args: string[]): ChildProcess & { text: () => string } => {
  const child = spawn(process.execPath, [wamesh, ...args], {
    env: { PATH: process.env.PATH, WAMESH_ORIGIN: mesh().origin, WAMESH_KEY: acme.key },
  });
  let text = "";
  for (const out of [child.stdout, child.stderr]) out.on("data", (chunk) => (text += chunk));
  return Object.assign(child, { text: () => text });
};

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const child = start(...args);
  const [code] = await once(child, "close");
  return { code, text: child.text() };
}

const template = ["--template", "welcome", "--variables"];

it.each(["ingest", "session-manager", "webhook-router", "status-projector"])(
  "%s serves the document that the client's types were made from",
  async (name) => {
    const answer = await fetch(`${(await service(name)).url}/openapi.json`);
    const served = written((await answer.json()) as object);
    expect(served === readFileSync(documentPath(name), "utf8"), "stale: npm run client").toBe(true);
  },
);

it("sends, traces and lists, and ends with what the answer was", async () => {
  const sent = await run("send", "--to", acme.person(), ...template, "Mara", "--wait");
  expect(sent).toMatchObject({
    code: 0,
    text: expect.stringMatching(/^[0-9a-f-]{36} (sent|delivered|read)/),
  });
  const traced = await run("trace", sent.text.slice(0, 36));
  expect(traced.text).toMatch(/accepted[\s\S]*sent/);
  expect(await run("sessions")).toMatchObject({ code: 0, text: expect.stringContaining("connected") });
  expect(await run("reconcile")).toMatchObject({ code: 0, text: expect.stringContaining(acme.id) });
  expect(await run("dead")).toMatchObject({ code: 0 });
  expect(await run("send", "--to", "+1", ...template, "Mara")).toMatchObject({
    code: 2,
    text: expect.stringContaining("recipient_impossible"),
  });
  expect((await run("nonsense")).text).toContain('There is no command "nonsense"');
});

it("runs a campaign from a file to its end", async () => {
  const file = join(folder, "people.csv");
  const people = Array.from({ length: 20 }, () => acme.person());
  writeFileSync(file, `to,first_name\n${people.map((one) => `${one},Mara\n`).join("")}nobody,Ada\n`);
  const drafted = await run("campaign", "run", file, ...template, "first_name");
  expect(drafted).toMatchObject({ code: 0, text: expect.stringMatching(/20 of 21 will be sent|20 of 20/) });
  const done = await run("campaign", "run", file, ...template, "first_name", "--yes");
  expect(done).toMatchObject({ code: 0, text: expect.stringContaining("completed: 20 of") });
});

it("listens: the tenant's webhooks come to an application here, and the stream tells of them", async () => {
  const bodies: string[] = [];
  const application = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.writeHead(204).end();
  });
  await once(application.listen(0, "127.0.0.1"), "listening");
  const { port } = application.address() as AddressInfo;
  const listening = start("listen", "--forward-to", `http://127.0.0.1:${port}/hooks`);
  const tailing = start("tail");
  try {
    await until("it to listen", async () => {
      if (listening.exitCode !== null) throw new Error(listening.text());
      return listening.text().includes("listening at") ? true : undefined;
    });
    await until("the application to be told", async () => {
      if (bodies.length === 0) await run("send", "--to", acme.person(), ...template, "Ada", "--wait");
      return bodies.some((body) => body.includes("message.sent")) ? true : undefined;
    });
    await until("the stream to tell", async () => (tailing.text().includes("status=") ? true : undefined));
  } finally {
    for (const child of [listening, tailing]) {
      child.kill("SIGINT");
      if (child.exitCode === null) await once(child, "close");
    }
    application.close();
  }
  expect([listening.exitCode, tailing.exitCode]).toEqual([0, 0]);
  const endpoints = await fetch(`${mesh().origin}/v1/endpoints`, {
    headers: { authorization: `Bearer ${acme.key}` },
  });
  expect(((await endpoints.json()) as { items: unknown[] }).items).toEqual([]);
});
