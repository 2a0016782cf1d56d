import { expect, test } from "vitest";
import type { Inbound } from "../../shapes/person.ts";
import { inboundInWords } from "./inbound-words.ts";

const written = (over: Partial<Inbound>): Inbound => ({
  id: "1",
  session_id: "s",
  from: { kind: "phone", value: "+15550000001" },
  from_name: null,
  group: null,
  kind: "text",
  text: null,
  media: null,
  preference: null,
  answers_message_id: null,
  window_closes_at: null,
  occurred_at: "2026-11-01T00:00:00Z",
  ...over,
});
const file = { mime_type: null, bytes: null, file_name: null, voice: false };

test.each([
  [{ text: "Hello" }, "Hello"],
  [{ kind: "audio", media: { ...file, voice: true } }, "Voice message"],
  [{ kind: "document", media: { ...file, file_name: "a.pdf" } }, "Document: a.pdf"],
  [{ kind: "image", text: "look", media: file }, "look"],
  [{ kind: "poll_vote" }, "Poll vote"],
  [{ kind: "preference", preference: { scope: "marketing", opted_out: true } }, "Wants no marketing"],
  [{ kind: "preference", preference: { scope: "all", opted_out: false } }, "Wants messages again"],
] as const)("%j reads %s", (over, words) => {
  expect(inboundInWords(written(over))).toBe(words);
});
