import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Content, Recipient, SendRequest, TemplateContent } from "../send.ts";
import { buildRequest, echoOf, parseEcho } from "./request.ts";

const session = {
  sessionId: "ses_1",
  providerRef: "301",
  credentials: { kind: "cloud_api" as const, accessToken: "EAAtoken" },
};
const text: Content = { kind: "text", text: { body: "Hi", preview_url: false } };

function build(
  change: Partial<SendRequest>,
  credentials: (typeof session)["credentials"] = session.credentials,
) {
  const request: SendRequest = {
    messageId: "m1",
    claim: 2,
    recipient: { kind: "phone", value: "+15550001111" },
    content: text,
    replyTo: null,
    ...change,
  };
  return buildRequest({ ...session, credentials }, request);
}

function bodyOf(change: Partial<SendRequest>): Record<string, unknown> {
  const built = build(change);
  if (built.kind === "refused") throw new Error(built.outcome.detail);
  return JSON.parse(built.http.body);
}

test("a text goes to the number's path with the token and the echo", () => {
  const built = build({ replyTo: "wamid.X" });
  expect(built).toMatchObject({
    kind: "ready",
    http: { path: "/301/messages", headers: { authorization: "Bearer EAAtoken" } },
  });
  expect(bodyOf({ replyTo: "wamid.X" })).toEqual({
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to: "+15550001111",
    type: "text",
    text: { body: "Hi", preview_url: false },
    context: { message_id: "wamid.X" },
    biz_opaque_callback_data: "m1.2",
  });
});

describe("recipients", () => {
  test.each<[Recipient, object]>([
    // Without the plus Meta would put the business's own country code before it.
    [
      { kind: "phone", value: "15550001111" },
      { to: "+15550001111", recipient_type: "individual" },
    ],
    [
      { kind: "bsuid", value: "US.8a1B" },
      { recipient: "US.8a1B", recipient_type: "individual" },
    ],
    [
      { kind: "group", value: "Y2FwaV9n" },
      { to: "Y2FwaV9n", recipient_type: "group" },
    ],
  ])("%j", (recipient, fields) => {
    expect(bodyOf({ recipient })).toMatchObject(fields);
  });
  test("a channel is refused for good", () => {
    expect(build({ recipient: { kind: "channel", value: "1@newsletter" } })).toMatchObject({
      outcome: { code: "content_unsupported", retry: { kind: "never" } },
    });
  });
});

describe("templates", () => {
  const template = (components: TemplateContent["components"]): Content => ({
    kind: "template",
    template: { name: "order_ready", language: "en_US", components },
  });
  const part = { kind: "body" as const, sub_type: null, index: null };

  test("positional, named, buttons and objects take Meta's form", () => {
    const content = template([
      { ...part, kind: "header", parameters: [{ kind: "image", name: null, value: '{"id":"9001"}' }] },
      { ...part, parameters: [{ kind: "text", name: "first_name", value: "Mara" }] },
      {
        kind: "button",
        sub_type: "quick_reply",
        index: 0,
        parameters: [{ kind: "payload", name: null, value: "OK" }],
      },
      {
        kind: "button",
        sub_type: "copy_code",
        index: 1,
        parameters: [{ kind: "coupon_code", name: null, value: "C1" }],
      },
    ]);
    expect(bodyOf({ content })).toMatchObject({
      type: "template",
      template: {
        name: "order_ready",
        language: { code: "en_US", policy: "deterministic" },
        components: [
          { type: "header", parameters: [{ type: "image", image: { id: "9001" } }] },
          { type: "body", parameters: [{ type: "text", parameter_name: "first_name", text: "Mara" }] },
          {
            type: "button",
            sub_type: "quick_reply",
            index: "0",
            parameters: [{ type: "payload", payload: "OK" }],
          },
          { sub_type: "copy_code", index: "1", parameters: [{ type: "coupon_code", coupon_code: "C1" }] },
        ],
      },
    });
  });

  test("without variables there are no components", () => {
    expect(bodyOf({ content: template([]) }).template).not.toHaveProperty("components");
  });

  test.each(["not json", "[1]", '"text"'])(
    "an object parameter that is %s is refused before anything leaves",
    (value) => {
      const content = template([{ ...part, parameters: [{ kind: "currency", name: null, value }] }]);
      expect(build({ content })).toMatchObject({
        kind: "refused",
        outcome: { code: "content_invalid", faultClass: "content" },
      });
    },
  );
});

test.each(["", "EAA token", "EAA\ntoken", "EAAä"])(
  "a token %j that no header can carry pauses the session",
  (accessToken) => {
    expect(build({}, { kind: "cloud_api", accessToken })).toMatchObject({
      outcome: {
        code: "credentials_invalid",
        scope: "session",
        effect: "pause",
        retry: { countsAsAttempt: false },
      },
    });
  },
);

describe("the echo", () => {
  test("finds message and claim again, whatever the id holds", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 999_999_999 }),
        (messageId, claim) => {
          expect(parseEcho(echoOf({ messageId, claim }))).toEqual({ messageId, claim });
        },
      ),
    );
  });
  test.each([null, "", "m1", "m1.", ".1", "m1.0", "m1.-1", "m1.1.5x", "m1.01"])(
    "%j is somebody else's",
    (echo) => {
      expect(parseEcho(echo)).toBeNull();
    },
  );
});

describe("other kinds", () => {
  const media = {
    url: "https://cdn.example.test/a",
    provider_id: null,
    caption: null,
    file_name: null,
    voice: false,
    view_once: false,
  };
  const card = { first_name: null, last_name: null, company: null, phones: [], emails: [], urls: [] };
  const link = media.url;

  test.each<[string, Content, object]>([
    [
      "an image by address",
      { kind: "image", media: { ...media, caption: "Front" } },
      { image: { link, caption: "Front" } },
    ],
    [
      "a video by id",
      { kind: "video", media: { ...media, url: null, provider_id: "900" } },
      { video: { id: "900" } },
    ],
    [
      "a voice note",
      { kind: "audio", media: { ...media, voice: true, caption: "x" } },
      { audio: { link, voice: true } },
    ],
    ["audio", { kind: "audio", media }, { audio: { link } }],
    [
      "a document",
      { kind: "document", media: { ...media, caption: "Yours", file_name: "i.pdf" } },
      { document: { link, caption: "Yours", filename: "i.pdf" } },
    ],
    ["a sticker", { kind: "sticker", media: { ...media, file_name: "x" } }, { sticker: { link } }],
    [
      "a place",
      { kind: "location", location: { latitude: 59.33, longitude: 18.06, name: "Depot", address: null } },
      { location: { latitude: 59.33, longitude: 18.06, name: "Depot" } },
    ],
    [
      "a card with a name only, which Meta wants twice",
      { kind: "contacts", cards: [{ ...card, name: "Mara Lind" }] },
      { contacts: [{ name: { formatted_name: "Mara Lind", first_name: "Mara Lind" } }] },
    ],
    [
      "a whole card",
      {
        kind: "contacts",
        cards: [
          {
            name: "Mara Lind",
            first_name: null,
            last_name: "Lind",
            company: "X",
            phones: ["+15550002222"],
            emails: ["m@example.test"],
            urls: ["https://example.test"],
          },
        ],
      },
      {
        contacts: [
          {
            name: { formatted_name: "Mara Lind", last_name: "Lind" },
            org: { company: "X" },
            phones: [{ phone: "+15550002222" }],
            emails: [{ email: "m@example.test" }],
            urls: [{ url: "https://example.test" }],
          },
        ],
      },
    ],
    [
      "a reaction taken away",
      { kind: "reaction", reaction: { message_id: "wamid.X", emoji: "" } },
      { reaction: { message_id: "wamid.X", emoji: "" } },
    ],
    ["buttons", { kind: "interactive", json: '{"type":"button"}' }, { interactive: { type: "button" } }],
  ])("%s", (_name, content, fields) => {
    const { messaging_product, recipient_type, to, biz_opaque_callback_data, ...said } = bodyOf({ content });
    expect(said).toEqual({ type: content.kind, ...fields });
  });

  test("a poll is refused for good", () => {
    const poll = { question: "?", options: ["a", "b"], multi_select: false };
    expect(build({ content: { kind: "poll", poll } })).toMatchObject({
      outcome: { code: "content_unsupported", retry: { kind: "never" } },
    });
  });
});
