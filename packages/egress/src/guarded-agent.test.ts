import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { request } from "undici";
import { expect, it } from "vitest";
import { parseAllowList } from "./address-guard.ts";
import { AddressRefused, guardedAgent } from "./guarded-agent.ts";

/** Why a GET was refused before any connection; null: it was answered. */
async function refused(url: string, options: { allow?: string; addresses?: string[]; httpsOnly?: boolean }) {
  const { allow = "", addresses, ...more } = options;
  const agent = guardedAgent({
    ...more,
    allow: parseAllowList(allow),
    connectTimeoutMs: 5_000,
    ...(addresses && { resolve: async () => addresses }),
  });
  try {
    await (await request(url, { dispatcher: agent })).body.dump();
    return null;
  } catch (error) {
    if (error instanceof AddressRefused) return [error.message, error.isUnresolved];
    throw error;
  } finally {
    await agent.destroy();
  }
}

it("plain http to a public address is refused where https is asked for, before a byte is sent", async () => {
  expect(await refused("http://files.test/", { addresses: ["93.184.216.34"], httpsOnly: true })).toEqual([
    "the address must begin with https://",
    false,
  ]);
});

it("plain http goes to an address that was opened, and to no other", async () => {
  const server = createServer((_request, response) => response.end("ok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await refused(url, { allow: "127.0.0.1/32:*", httpsOnly: true })).toBeNull();
  expect(await refused(url, { httpsOnly: true })).toEqual([expect.stringContaining("not public"), false]);
  await new Promise((resolve) => server.close(resolve));
});

it("a name without an address may have one later, and is told apart", async () => {
  expect(await refused("https://nowhere.invalid/", {})).toEqual([
    expect.stringContaining("can't be resolved"),
    true,
  ]);
});
