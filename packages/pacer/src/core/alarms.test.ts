import fc from "fast-check";
import { expect, test } from "vitest";
import { createAlarms } from "./alarms.ts";

test("like a map that is searched for its earliest entry", () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant("set" as const), key: fc.nat(5), at: fc.nat(20) }),
    fc.record({ kind: fc.constant("clear" as const), key: fc.nat(5) }),
    fc.record({ kind: fc.constant("due" as const), now: fc.nat(20) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const alarms = createAlarms<number>();
      const model = new Map<number, number>();
      for (const one of steps) {
        if (one.kind === "set") {
          alarms.set(one.key, one.at);
          model.set(one.key, one.at);
        } else if (one.kind === "clear") {
          alarms.clear(one.key);
          model.delete(one.key);
        } else {
          const key = alarms.due(one.now);
          const earliest = Math.min(...model.values());
          if (earliest > one.now) expect(key).toBeUndefined();
          else {
            expect(model.get(key!)).toBe(earliest);
            model.delete(key!);
          }
        }
        expect(alarms.next()).toBe(model.size === 0 ? null : Math.min(...model.values()));
      }
    }),
  );
});
