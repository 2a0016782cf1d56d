import { describe, expect, test } from "vitest";
import { entriesOf, outbound, status } from "../arbitrary-history.ts";
import { changesOf } from "./kinds.ts";

describe("what a batch changes", () => {
  const [a, b] = ["00000000-0000-8000-8000-00000000000a", "00000000-0000-8000-8000-00000000000b"];

  test("is named once per tenant and kind, each row once", () => {
    const told = [
      outbound("acme", a),
      status("acme", a, { status: "sent" }),
      status("acme", b, { status: "sent" }),
      outbound("globex", a),
    ];
    expect(changesOf(told.flatMap(entriesOf))).toEqual([
      { tenant: "acme", kind: "message", ids: [a, b] },
      { tenant: "globex", kind: "message", ids: [a] },
    ]);
  });

  test("of nothing is nothing", () => {
    expect(changesOf([])).toEqual([]);
  });
});
