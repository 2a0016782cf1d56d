/** One registry of reason codes: what the providers' tables and the schedule say is found in it, with the same fault. */
import { type ReasonCode, reasonCodes } from "@wamesh/events";
import { cloudApiErrors, reasonFaults, wasenderErrors } from "@wamesh/providers";
import { expect, it } from "vitest";

it.each(Object.entries(reasonFaults))("%s stands in the registry with the fault class %s", (code, fault) => {
  expect(reasonCodes[code as ReasonCode]?.fault_class).toBe(fault === "unknown" ? "UNKNOWN" : fault);
});

it.each(Object.entries(reasonCodes))("%s says what it means and what to do", (_code, row) => {
  expect(row.meaning).toMatch(/\.$/);
  expect(row.remedy).toMatch(/\.$/);
});

it("both providers' tables are dated", () => {
  for (const table of [cloudApiErrors, wasenderErrors]) expect(table.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
});
