import { describe, expect, test } from "vitest";
import type { Content, Recipient, SendRequest } from "../send.ts";
import { buildRequest } from "./request.ts";

const session = {
  sessionId: "ses_1",
  providerRef: "412",
  credentials: { kind: "wasender" as const, apiKey: "a".repeat(64) },
};

function build(change: Partial<SendRequest>) {
  return buildRequest(session, {
    messageId: "m1",
    claim: 1,
    recipient: { kind: "phone", value: "+15550001111" },
    content: { kind: "text", text: { body: "Hi", preview_url: true } },
    replyTo: null,
    ...change,
  });
}

const media = {
  url: "https://cdn.example.test/a",
  provider_id: null,
  caption: null,
  file_name: null,
  voice: false,
  view_once: false,
};
const card = {
  name: "Mara Lind",
  first_name: null,
  last_name: null,
  company: null,
  phones: ["+15550002222"],
  emails: [],
  urls: [],
};

test.each<[string, Content, object]>([
  [
    "an image that opens once",
    { kind: "image", media: { ...media, caption: "Front", view_once: true } },
    { imageUrl: media.url, text: "Front", viewOnce: true },
  ],
  ["a video", { kind: "video", media }, { videoUrl: media.url }],
  [
    "audio, which has no words",
    { kind: "audio", media: { ...media, caption: "x" } },
    { audioUrl: media.url },
  ],
  [
    "a document",
    { kind: "document", media: { ...media, file_name: "i.pdf" } },
    { documentUrl: media.url, fileName: "i.pdf" },
  ],
  ["a sticker", { kind: "sticker", media }, { stickerUrl: media.url }],
  [
    "a place",
    { kind: "location", location: { latitude: 59.33, longitude: 18.06, name: null, address: "1 Dock St" } },
    { location: { latitude: 59.33, longitude: 18.06, address: "1 Dock St" } },
  ],
  ["a card", { kind: "contacts", cards: [card] }, { contact: { name: "Mara Lind", phone: "+15550002222" } }],
  [
    "a poll",
    { kind: "poll", poll: { question: "Which?", options: ["a", "b"], multi_select: true } },
    { poll: { question: "Which?", options: ["a", "b"], multiSelect: true } },
  ],
])("%s goes out by its field", (_name, content, fields) => {
  const built = build({ content });
  expect(built.kind === "ready" && JSON.parse(built.http.body)).toEqual({ to: "+15550001111", ...fields });
});

test("a text goes out with the session's key and nothing of ours in it", () => {
  const built = build({ replyTo: "700123" });
  expect(built).toMatchObject({
    kind: "ready",
    http: {
      path: "/send-message",
      headers: { authorization: `Bearer ${"a".repeat(64)}`, accept: "application/json" },
    },
  });
  const body = built.kind === "ready" ? JSON.parse(built.http.body) : null;
  expect(body).toEqual({ to: "+15550001111", text: "Hi", replyTo: 700123 });
});

describe("recipients", () => {
  test.each<[Recipient, string]>([
    [{ kind: "phone", value: "15550001111" }, "+15550001111"],
    [{ kind: "group", value: "120363000000000001" }, "120363000000000001@g.us"],
    [{ kind: "group", value: "120363000000000001@g.us" }, "120363000000000001@g.us"],
    [{ kind: "channel", value: "120363000000000009@newsletter" }, "120363000000000009@newsletter"],
    [{ kind: "bsuid", value: "98765432101234@lid" }, "98765432101234@lid"],
  ])("%j", (recipient, to) => {
    const built = build({ recipient });
    expect(built.kind === "ready" && JSON.parse(built.http.body)).toMatchObject({ to });
  });
});

describe("what it can't carry is refused for good, before anything leaves", () => {
  test.each<[string, Partial<SendRequest>]>([
    [
      "a template",
      { content: { kind: "template", template: { name: "t", language: "en", components: [] } } },
    ],
    ["a reaction", { content: { kind: "reaction", reaction: { message_id: "1", emoji: "x" } } }],
    ["buttons", { content: { kind: "interactive", json: "{}" } }],
    ["a file by its id", { content: { kind: "image", media: { ...media, url: null, provider_id: "9" } } }],
    ["two cards", { content: { kind: "contacts", cards: [card, card] } }],
    ["a card without a number", { content: { kind: "contacts", cards: [{ ...card, phones: [] }] } }],
    ["Meta's user id", { recipient: { kind: "bsuid", value: "US.8a1B" } }],
    ["an answer to a message it didn't send", { replyTo: "3AEB11D22C33B44A55" }],
  ])("%s", (_name, change) => {
    expect(build(change)).toMatchObject({
      kind: "refused",
      outcome: { code: "content_unsupported", retry: { kind: "never" }, providerCode: null },
    });
  });
});

test("credentials of another provider never reach the wire", () => {
  const other = { ...session, credentials: { kind: "cloud_api" as const, accessToken: "EAA" } };
  const built = buildRequest(other, {
    messageId: "m1",
    claim: 1,
    recipient: { kind: "phone", value: "+15550001111" },
    content: { kind: "text", text: { body: "Hi", preview_url: false } },
    replyTo: null,
  });
  expect(built).toMatchObject({ kind: "refused", outcome: { code: "credentials_invalid" } });
});
