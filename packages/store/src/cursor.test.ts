import { expect, test } from "vitest";
import { CursorBeyondLog, checkCursor } from "./cursor.ts";

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
