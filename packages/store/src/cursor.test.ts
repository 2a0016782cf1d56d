import { expect, test } from "vitest";
import { CursorBeyondLog, checkCursor, checkGroup, DatabaseOlder } from "./cursor.ts";

const position = { consumer: "c", cluster: "k", topic: "t", partition: 0 };

test.each([
  [null, 5, 9, true],
  [5, 5, 9, true],
  [9, 5, 9, true],
  [10, 5, 9, false],
  [4, 5, 9, false],
  [3, 0, 0, false],
])("a cursor at %s in a log from %i to %i fits: %s", (next, low, high, fits) => {
  const check = () => checkCursor(position, next, { low, high });
  if (fits) expect(check).not.toThrow();
  else expect(check).toThrow(CursorBeyondLog);
});

test.each([
  [5, null, true],
  [5, 5, true],
  [7, 5, true],
  [5, 6, false],
  [null, 2, true],
  [null, 3, false],
  [5, 10, true],
])("a cursor at %s beside a group at %s fits, in a log from 2 to 9: %s", (cursor, committed, fits) => {
  const check = () => checkGroup(position, { cursor, committed }, { low: 2, high: 9 });
  if (fits) expect(check).not.toThrow();
  else expect(check).toThrow(DatabaseOlder);
});
