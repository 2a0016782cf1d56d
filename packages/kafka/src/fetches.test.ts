import { expect, it } from "vitest";
import { bytesPerPartition, waitOf } from "./fetches.ts";

const given = { maxWaitTime: 250, minBytes: 1 };

it("waits for no more than one fetch can bring of a single busy partition", () => {
  expect(waitOf(given, 100, false).minBytes).toBeLessThan(bytesPerPartition);
});

it("answers the first record after silence at once, and every one where there is no linger", () => {
  expect(waitOf(given, 100, true)).toEqual(given);
  expect(waitOf(given, undefined, false)).toEqual(given);
  expect(waitOf(given, 100, false).maxWaitTime).toBe(100);
});
