import { reasonCodes } from "@wamesh/events/reasons";
import { expect, test } from "vitest";
import { explain } from "./reason.ts";

test("every code of the registry is explained, and blames whom the registry blames", () => {
  for (const code of Object.keys(reasonCodes)) {
    const { meaning, fault } = explain(code);
    expect(meaning, code).not.toMatch(/newer than/);
    expect(fault === null, code).toBe(
      reasonCodes[code as keyof typeof reasonCodes].fault_class === "UNKNOWN",
    );
  }
});

test("a code that is newer than the console is shown by its name", () => {
  expect(explain("number_on_holiday", "provider")).toEqual({
    title: "Number on holiday",
    meaning: "This code is newer than the console; the API reference explains it.",
    remedy: null,
    fault: "the provider",
  });
});

test("where nothing is to be done, no remedy is shown", () => {
  expect(explain("cancelled").remedy).toBeNull();
  expect(explain("session_not_connected").remedy).toBe("Reconnect the session.");
});
