import { expect, test } from "vitest";
import { readSearch } from "./search.ts";

test.each([
  ["  ", null],
  ["0193F0A0-0000-7000-8000-000000000001", { kind: "id", id: "0193f0a0-0000-7000-8000-000000000001" }],
  ["+49 (151) 555-123 45", { kind: "recipient", value: "+4915155512345" }],
  ["0049 151 55512345", { kind: "recipient", value: "+4915155512345" }],
  ["order-4711", { kind: "external_ref", value: "order-4711" }],
  ["4711", { kind: "external_ref", value: "4711" }],
])("%j", (typed, found) => expect(readSearch(typed)).toEqual(found));
