import { type Content, content, type TemplateContent } from "@wamesh/events";
import { outboundMessage } from "@wamesh/testing";
import { expect, test } from "vitest";
import { contentOf, templateOf } from "../content.ts";
import { messageRequest } from "../message-request.ts";
import { requestOf } from "./request-of.ts";
import { sendAnew } from "./send-anew.ts";

const template: TemplateContent = {
  name: "welcome",
  language: "en_US",
  components: [
    { kind: "header", sub_type: null, index: null, parameters: [{ kind: "image", name: null, value: "17" }] },
    { kind: "button", sub_type: "url", index: 0, parameters: [{ kind: "text", name: null, value: "x" }] },
    { kind: "body", sub_type: null, index: null, parameters: [{ kind: "text", name: "who", value: "Mara" }] },
  ],
};
const media = {
  url: "https://example.com/a.pdf",
  provider_id: null,
  caption: null,
  file_name: "a.pdf",
  voice: false,
  view_once: false,
  upload: true,
};
const card = {
  name: "Mara",
  first_name: null,
  last_name: null,
  company: "Acme",
  phones: ["+15551234567"],
  emails: [],
  urls: [],
};
const button = {
  type: "button",
  body: { text: "Yes?" },
  action: { buttons: [{ type: "reply", reply: { id: "y", title: "Yes" } }] },
};

const contents: Content[] = [
  content("text", { text: { body: "Hi", preview_url: true } }),
  content("template", { template }),
  content("template", { template: { ...template, components: [] } }),
  content("document", { media }),
  content("image", {
    media: { ...media, url: null, provider_id: "17", file_name: null, caption: "Look", upload: false },
  }),
  content("location", { location: { latitude: 1, longitude: 2, name: null, address: "Here 1" } }),
  content("contacts", { contacts: { cards: [card] } }),
  content("reaction", { reaction: { message_id: "wamid.1", emoji: "" } }),
  content("interactive", { interactive: { kind: "button", json: JSON.stringify(button) } }),
  content("poll", { poll: { question: "Which?", options: ["a", "b"], multi_select: false } }),
];

test.each(contents.map((one) => [one.kind, one] as const))(
  "%s: the way back and forth changes nothing",
  (_, said) => {
    const request = requestOf(outboundMessage({ content: said }), "ses_1")!;
    expect(contentOf(request)).toEqual(said);
    // The door would take it.
    expect(messageRequest.safeParse(JSON.parse(JSON.stringify(request))).error?.issues).toBeUndefined();
  },
);

test("what else was asked for is asked for again, and the time to live is as long as it was", () => {
  const message = outboundMessage({
    accepted_at: 1_000,
    send_at: 5_000,
    not_after: 65_000,
    fallback: template,
    category: "utility",
    reply_to: "wamid.0",
    external_ref: "order-7",
    doubt_policy: "resend",
  });
  const request = requestOf(message, "ses_1")!;
  expect(request).toMatchObject({
    to: message.recipient,
    session_id: "ses_1",
    ttl_s: 60,
    category: "utility",
    reply_to: "wamid.0",
    external_ref: "order-7",
    doubt_policy: "resend",
  });
  expect(request).not.toHaveProperty("send_at");
  expect(templateOf(request.fallback!)).toEqual(template);
  // Judged too late it lives a second at least, and never longer than may be asked for.
  expect(requestOf({ ...message, not_after: 0 }, "s")!.ttl_s).toBe(1);
  expect(requestOf({ ...message, not_after: 9e15 }, "s")!.ttl_s).toBe(30 * 24 * 3600);
});

test("content of a release that is not known here is not sent as something else", () => {
  const unknown = { ...content("text", {}), kind: "UNKNOWN" as const };
  expect(requestOf(outboundMessage({ content: unknown }), "ses_1")).toBeNull();
});

test("a letter is the same message whoever sends it anew and whenever, and names the old one", () => {
  const world = {
    session: () => ({
      tenant: "acme",
      session: "session-1",
      account: "account-1",
      provider: "cloud_api" as const,
      status: "connected" as const,
      otp_only: false,
    }),
    sessionsInPool: () => [],
    template: () => undefined,
    templatesListed: () => false,
    optedOut: () => null,
  };
  const old = outboundMessage({
    campaign: "cmp_1",
    campaign_run: "2",
    accepted_at: 0,
    send_at: 5,
    not_after: 60_005,
  });
  const anew = (deadId: string, nowMs: number) => {
    const decision = sendAnew(old, { deadId, session: null, nowMs, tokenKey: "k" }, world);
    if (decision.kind === "refused") throw new Error(decision.refusal.code);
    return decision.message;
  };
  const first = anew("d1", 1_000_000);
  const again = anew("d1", 2_000_000);
  expect([again.message_id, again.fingerprint]).toEqual([first.message_id, first.fingerprint]);
  expect(anew("d2", 1_000_000).message_id).not.toBe(first.message_id);
  expect(first).toMatchObject({
    retry_of: old.message_id,
    campaign: "cmp_1",
    campaign_run: "2",
    send_at: null,
    accepted_at: 1_000_000,
    not_after: 1_060_000,
  });
});
