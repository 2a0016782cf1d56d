import { describe, expect, test } from "vitest";
import { needsWindow, opensWindow, serviceWindow } from "./service-window.ts";

describe("what needs an open window", () => {
  test.each([
    ["text on the Cloud API", "cloud_api", "phone", "text", true],
    ["a reaction on the Cloud API", "cloud_api", "phone", "reaction", true],
    ["a file to a BSUID", "cloud_api", "bsuid", "image", true],
    ["a template", "cloud_api", "phone", "template", false],
    ["text in a group", "cloud_api", "group", "text", false],
    ["text on WasenderApi", "wasender", "phone", "text", false],
  ] as const)("%s: %s %s %s", (_what, provider, kind, content, needed) => {
    expect(needsWindow({ provider, recipient: { kind }, content: { kind: content } })).toBe(needed);
  });
});

test.each([
  ["text", null, true],
  ["button", null, true],
  ["reaction", null, true],
  ["call", null, true],
  ["unsupported", null, true],
  ["UNKNOWN", null, true],
  ["text", "120363000000000001@g.us", false],
  ["preference", null, false],
  ["system", null, false],
  ["edit", null, false],
  ["delete", null, false],
] as const)("%s in group %s opens a window: %s", (kind, group, opens) => {
  expect(opensWindow({ kind, group })).toBe(opens);
});

test("the Cloud API's window is 24 hours long, WasenderApi has none", () => {
  expect(serviceWindow("cloud_api")).toEqual({ openMs: 86_400_000, marginMs: 60_000 });
  expect(serviceWindow("wasender")).toBeNull();
});
