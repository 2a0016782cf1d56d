import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Directory, openDirectory } from "@wamesh/directory";
import { type TenantConfig, topics } from "@wamesh/events";
import { until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWorld, type World, watch } from "./int-world.ts";
import type { Point } from "./testdata/doomed.ts";

let world: World;
let config: Awaited<ReturnType<typeof watch<TenantConfig>>>;
/** A reader as every service has it: it was there before, and sees it all. */
let directory: Directory;
beforeAll(async () => {
  world = await openWorld();
  config = await watch(world, topics.tenantConfig);
  directory = await openDirectory(world);
  await directory.ready;
});
afterAll(async () => {
  await Promise.all([config.table.stop(), directory.stop()]);
  await world.close();
});

const points: [Point, revoked: boolean][] = [
  ["before the commit", false],
  ["before it is produced", true],
  ["with half of it produced", true],
  ["before the outbox is emptied", true],
];

test.each(points)(
  "killed with -9 %s: after the next start every reader knows what was committed, and only that",
  async (point, revoked) => {
    const { id: tenant, key: whole } = await world.tenant(point.replaceAll(" ", "-"));
    const key = whole.split("_")[1]!;
    await until(() => directory.key(key)?.state === "active");
    await world.stopService();
    const { signal } = await dieAt(point, tenant, key);
    expect(signal).toBe("SIGKILL");

    const startedAt = performance.now();
    await world.startService();
    const state = revoked ? "revoked" : "active";
    await until(() => directory.key(key)?.state === state);
    if (revoked) expect(performance.now() - startedAt).toBeLessThan(5_000);
    // A change behind it shows that nothing is still on its way.
    const body = { name: "renamed" };
    expect(
      (await world.call("PATCH", `/v1/tenants/${tenant}`, { key: world.operatorKey, body })).status,
    ).toBe(200);
    await until(() => directory.tenant(tenant)?.record?.name === "renamed");
    expect(directory.key(key)?.state).toBe(state);
    const versions = config.seen
      .filter((one) => one.key === `${tenant}|key|${key}`)
      .map(({ record }) => record.version);
    // Told once more at most; never an older version after a newer one.
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions)).toEqual(new Set(revoked ? [1, 2] : [1]));
    // Who comes new reads the same.
    const late = await openDirectory(world);
    await late.ready;
    expect(late.key(key)?.state).toBe(state);
    await late.stop();
  },
);

async function dieAt(point: Point, tenant: string, key: string): Promise<{ signal?: string }> {
  const told = { ...world.addresses, tenant, key, point };
  const program = join(import.meta.dirname, "testdata/doomed.ts");
  return promisify(execFile)(process.execPath, [program, JSON.stringify(told)]).then(
    () => ({}),
    (error: { signal?: string }) => error,
  );
}
