import { expect, test } from "vitest";
import { forgotten, missing, type Place } from "./groups.ts";

const place = (over: Partial<Place>): Place => ({
  topic: "t",
  partition: 0,
  known: 5,
  committed: 5,
  low: 0,
  high: 9,
  ...over,
});
const group = (...places: Partial<Place>[]) => ({ schema: "s", consumer: "c", places: places.map(place) });

test("what a group has read and the database does not know is forgotten; offsets outside of the log are nobody's", () => {
  expect(
    forgotten(group({}, { committed: 4 }, { committed: null }, { committed: 8 }, { committed: 12 })),
  ).toEqual([place({ committed: 8 })]);
});

test("what is gone from the log before the database has applied it is counted as missing", () => {
  expect(missing(group({ low: 5 }, { low: 7 }, { known: 0, low: 3 }))).toBe(5);
});
