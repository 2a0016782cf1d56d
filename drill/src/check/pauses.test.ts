import { expect, test } from "vitest";
import type { Accepted, Arrival } from "../ledgers.ts";
import { longestGapMs, pauses } from "./pauses.ts";

test.each([
  ["in the middle", [10, 20, 70, 80], 50],
  ["at the beginning", [60, 80], 60],
  ["at the end", [10, 30], 70],
  ["without any moment", [], 100],
  ["beside moments outside", [-20, 50, 300], 50],
])("the longest silence is found %s", (_, moments, longest) => {
  expect(longestGapMs(moments, 0, 100)).toBe(longest);
});

test("one tenant's silence is not hidden by another's traffic", () => {
  const message = (id: string, tenant: string, at: number) => ({ id, tenant, acceptedAt: at }) as Accepted;
  const arrival = (id: string, at: number) => ({ id, receivedAt: at }) as Arrival;
  const accepted = Array.from({ length: 10 }, (_, i) => message(`n${i}`, "north", i * 1000));
  const arrivals = accepted.map(({ id, acceptedAt }) => arrival(id, acceptedAt + 10));
  accepted.push(message("s0", "south", 500), message("s1", "south", 8500));
  arrivals.push(arrival("s0", 600), arrival("s1", 9900));
  expect(pauses({ accepted, arrivals }, { from: 0, to: 10_000 })).toEqual({
    accept_pause_s_max: 8,
    send_pause_s_max: 9.3,
  });
});
