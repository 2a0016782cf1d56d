/** The database refuses to write, as it does when its disk is full: sending stops, says why, and goes on by itself. */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "@wamesh/testing";
import { expect, test } from "vitest";
import { schedule, start } from "../test/each-test.ts";
import { batch, item } from "../test/schedule.ts";

/** The same error class as a full disk's: 53100, disk_full. */
async function fill(table: string): Promise<void> {
  await schedule.sql.unsafe(`
    create function no_room() returns trigger language plpgsql as $$ begin
      raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
    create trigger no_room before insert on ${table} for each statement execute function no_room();`);
}

test.each(["attempt", "done", "outbox"])("no room for %s", async (table) => {
  const one = start();
  const ids = Array.from({ length: 30 }, (_, i) => `m1/c${i}/${i}`);
  await one.pacer.admit(batch(ids.slice(0, 10).map((id) => item({ id }))));
  await until(() => one.statusOf(ids[9]!).includes("sent"));
  await fill(table);
  const admitted = one.pacer
    .admit(batch(ids.slice(10).map((id) => item({ id }))))
    .catch((error: unknown) => error);
  await until(() => one.pacer.snapshot().storeTrouble?.error.includes("No space left on device"));
  await sleep(1_000);
  // What was claimed before has left; nothing leaves without a claim, and nothing twice.
  const stopped = one.written.length;
  await sleep(500);
  expect(one.written.length).toBe(stopped);
  await schedule.sql.unsafe(`drop function no_room cascade`);
  if ((await admitted) instanceof Error)
    await one.pacer.admit(batch(ids.slice(10).map((id) => item({ id }))));
  await until(() => ids.every((id) => one.statusOf(id).includes("sent")));
  expect(new Set(one.written.map(({ id }) => id)).size).toBe(one.written.length);
  await until(() => one.pacer.snapshot().storeTrouble === null, { withinMs: 40_000 });
});
