import { describe, expect, test } from "vitest";
import { createLastSessions } from "./last-sessions.ts";

const mara = { kind: "phone", value: "+15551234567" } as const;

/** A pool whose every transaction ends like this. */
function ask(begin: () => Promise<unknown>) {
  let now = 0;
  let asked = 0;
  const errors: unknown[] = [];
  const lastSessions = createLastSessions({
    sql: {
      begin() {
        asked++;
        return begin();
      },
    } as never,
    tokenKeys: ["k"],
    now: () => now,
    onError: (error) => errors.push(error),
  });
  return {
    wroteTo: async () => (await lastSessions("acme", [mara]))(mara),
    later: (ms: number) => {
      now += ms;
    },
    asked: () => asked,
    errors,
    lastSessions,
  };
}

describe("without an answer of the database the door stays open", () => {
  test("nobody is taken to have written, and nobody waits again for a while", async () => {
    const one = ask(() => Promise.reject(new Error("away")));
    expect(await one.wroteTo()).toEqual([]);
    expect(await one.wroteTo()).toEqual([]);
    expect(one.asked()).toBe(1);
    expect(one.errors).toHaveLength(1);
    one.later(5_001);
    await one.wroteTo();
    expect(one.asked()).toBe(2);
  });

  test("a database that says nothing is not waited for", async () => {
    const one = ask(() => new Promise(() => {}));
    expect(await one.wroteTo()).toEqual([]);
    expect(one.errors).toHaveLength(1);
  });
});

test("where there is no choice nothing is asked", async () => {
  const one = ask(() => Promise.reject(new Error("asked")));
  await one.lastSessions("acme", []);
  expect(one.asked()).toBe(0);
});
