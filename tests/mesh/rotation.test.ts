/** The key rings are rotated under a running mesh: while messages leave, and until the old keys are gone. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { api, cloudTenant, control, ledger, mesh, reaches, type TestTenant, until } from "./fixture.ts";

type Ring = {
  keys: { id: string; known: boolean; credentials: number; retirable: boolean }[];
  unpublished: number;
};

const newKey = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;

async function restart(...services: string[]): Promise<void> {
  for (const service of services) {
    await control("services", service, "stop");
    await control("services", service, "start");
  }
}

async function send(tenant: TestTenant, count: number): Promise<string[]> {
  const { results } = await api<{ results: { id: string }[] }>("POST", "/v1/messages/batch", {
    key: tenant.key,
    body: {
      messages: Array.from({ length: count }, () => ({
        to: tenant.person(),
        template: { name: "welcome", language: "en_US", variables: ["Mara"] },
      })),
    },
  });
  return results.map(({ id }) => id);
}

it("a credential key is replaced and retired while messages leave: none is lost, doubled or refused", async () => {
  const file = mesh().rings.credentials;
  const acme = await cloudTenant("rotation", { ratePerS: 5 });
  const ids = await send(acme, 100);
  const leaving = async () => (await ledger([acme.sender])).length;
  await until("messages to leave", async () => ((await leaving()) > 5 ? true : undefined));

  const old = readFileSync(file, "utf8").trim();
  const next = newKey(`next-${randomBytes(3).toString("hex")}`);
  // 1. Everybody can open what will be sealed with it. 2. It is used. 3. Nothing is left of the old one.
  writeFileSync(file, `${old},${next}`);
  await restart("dispatcher", "session-manager");
  writeFileSync(file, `${next},${old}`);
  await restart("session-manager", "dispatcher");
  const ring = await until("the old key to be without work", async () => {
    const now = await api<Ring>("GET", "/v1/keyring");
    return now.keys.slice(1).every(({ retirable }) => retirable) ? now : undefined;
  });
  expect(ring.keys.map(({ id }) => id)).toEqual([
    next.split(":")[0],
    ...old.split(",").map((key) => key.split(":")[0]),
  ]);
  expect(ring.keys[0]!.credentials).toBeGreaterThan(0);
  // It happened while messages were leaving.
  expect(await leaving()).toBeLessThan(100);
  writeFileSync(file, next);
  await restart("session-manager", "dispatcher");

  ids.push(...(await send(acme, 1)));
  for (const id of ids) await reaches(acme, id, ["read"], 60_000);
  const seen = await ledger([acme.sender]);
  expect(seen.filter(({ accepted }) => accepted !== 1)).toEqual([]);
  expect(seen.map(({ id }) => id).sort()).toEqual([...ids].sort());
  const { keys } = await api<Ring>("GET", "/v1/keyring");
  expect(keys.map(({ id }) => id)).toEqual([next.split(":")[0]]);
});
