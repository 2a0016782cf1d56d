import { expect, test } from "vitest";
import { restMs } from "./dispatch-state.ts";

test.each([
  [0, 1_000],
  [8, 1_000],
  [25, 2_500],
  [400, 5_000],
])(
  "a look of %i ms is followed by %i ms of rest: a hundredth of the time, between one and five seconds",
  (took, rest) => {
    expect(restMs(took)).toBe(rest);
  },
);
