import { expect, test } from "vitest";
import { jain } from "./jain.ts";

test.each([
  [[1, 1, 1, 1], 1],
  [[1, 0, 0, 0], 0.25],
  [[3, 1], 0.8],
  [[0.2], 1],
  [[], null],
  [[0, 0], null],
])("of %j it is %s", (shares, index) => {
  const found = jain(shares);
  if (index === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(index, 6);
});
