import { describe, expect, test } from "vitest";
import { content, isWhole, wordsOf } from "./content.ts";
import type { Content } from "./generated/records.ts";

const media = {
  ...{ url: "u", provider_id: null, caption: null, file_name: null },
  ...{ voice: false, view_once: false, upload: false },
};

describe("content is whole", () => {
  test.each<[string, Content, boolean]>([
    ["with its field", content("image", { media }), true],
    ["not without it", content("image", { text: { body: "x", preview_url: false } }), false],
    ["not of an unknown kind", { ...content("text", {}), kind: "UNKNOWN" }, false],
    // As a release wrote it that knew two kinds only.
    [
      "in an older record",
      { kind: "text", text: { body: "x", preview_url: false }, template: null } as Content,
      true,
    ],
    ["not in an older record that lacks it", { kind: "poll", text: null, template: null } as Content, false],
  ])("%s", (_, said, whole) => {
    expect(isWhole(said)).toBe(whole);
  });
});

test.each<[Content, string | null]>([
  [content("text", { text: { body: "Hi", preview_url: false } }), "Hi"],
  [content("image", { media: { ...media, caption: "Front" } }), "Front"],
  [content("image", { media }), "image"],
  [content("location", { location: { latitude: 1, longitude: 2, name: "Depot", address: null } }), "Depot"],
  [content("poll", { poll: { question: "?", options: ["a", "b"], multi_select: false } }), "?"],
  [content("template", { template: { name: "t", language: "en", components: [] } }), null],
])("words of %j", (said, words) => {
  expect(wordsOf(said)).toBe(words);
});
