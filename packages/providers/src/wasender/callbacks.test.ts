import { describe, expect, test } from "vitest";
import type { ParsedCallback } from "../callback.ts";
import { parseCallback, splitCallback } from "../read-callback.ts";

const API_KEY = "0123456789abcdef".repeat(4);
const KEY = { id: "3EB0A1", remoteJid: "15550001111@s.whatsapp.net", fromMe: true };
const AT = 1_788_000_031_000;

const split = (event: unknown, arrival = {}) =>
  splitCallback("wasender", Buffer.from(JSON.stringify(event)), arrival);
const meaning = (event: unknown): ParsedCallback[] =>
  split(event).flatMap((item) => parseCallback("wasender", item.body));
const update = (data: unknown, more: object = {}) => ({
  event: "messages.update",
  sessionId: API_KEY,
  timestamp: AT,
  data,
  ...more,
});

describe("messages.update", () => {
  const receipt = {
    kind: "receipt",
    providerId: null,
    providerKey: "3EB0A1",
    status: "delivered",
    echo: null,
    occurredAt: AT,
    recipientDigits: "15550001111",
    participant: null,
    pricing: null,
    error: null,
  };
  test.each<[string, object, object]>([
    ["an object", update({ update: { status: 3 }, key: KEY }), receipt],
    ["a list with words", update([{ update: { status: "delivered" }, key: KEY }]), receipt],
    ["upper case", update({ update: { status: "DELIVERY_ACK" }, key: KEY }), receipt],
    [
      "fromMe false, as the vendor prints it",
      update({ update: { status: 3 }, key: { ...KEY, fromMe: false } }),
      receipt,
    ],
    ["seconds", update({ update: { status: 3 }, key: KEY }, { timestamp: AT / 1000 }), receipt],
    [
      "a string of seconds",
      update({ update: { status: 3 }, key: KEY }, { timestamp: String(AT / 1000) }),
      receipt,
    ],
    [
      "type for event",
      { ...update({ update: { status: 3 }, key: KEY }), event: undefined, type: "messages.update" },
      receipt,
    ],
    ["sent", update({ update: { status: 2 }, key: KEY }), { ...receipt, status: "sent" }],
    ["read", update({ update: { status: 4 }, key: KEY }), { ...receipt, status: "read" }],
    ["played", update({ update: { status: 5 }, key: KEY }), { ...receipt, status: "played" }],
    [
      "a LID",
      update({ update: { status: 3 }, key: { ...KEY, remoteJid: "98765432101234@lid" } }),
      { ...receipt, recipientDigits: null },
    ],
  ])("%s", (_name, event, expected) => {
    expect(meaning(event)).toEqual([expected]);
  });
  test.each([0, "error"])("%j is failed, with a reason", (status) => {
    expect(meaning(update({ update: { status }, key: KEY }))).toMatchObject([
      { kind: "receipt", status: "failed", error: { code: "provider_refused", providerCode: "status_0" } },
    ]);
  });
  test("pending says nothing that the answer to the send did not", () => {
    expect(meaning(update({ update: { status: 1 }, key: KEY }))).toEqual([
      { kind: "no_news", name: "pending" },
    ]);
  });
  test.each([
    ["a status nobody knows", { update: { status: 9 }, key: KEY }],
    ["a word every object has", { update: { status: "constructor" }, key: KEY }],
    ["no key", { update: { status: 3 } }],
  ])("%s is no receipt, and kept", (_name, data) => {
    expect(meaning(update(data))).toMatchObject([{ kind: "other", name: "messages.update" }]);
  });
  test("a list gives one item each", () => {
    const items = split(
      update([{ update: { status: 3 }, key: KEY }, "junk", { update: { status: 4 }, key: KEY }]),
    );
    expect(items.map((item) => item.kind)).toEqual(["status", "other", "status"]);
  });
});

describe("message-receipt.update", () => {
  const key = { id: "3EB0A1", remoteJid: "120363000000000001@g.us", fromMe: true };
  const expected = { kind: "receipt", providerKey: "3EB0A1", participant: "15550003333@s.whatsapp.net" };
  const userJid = "15550003333@s.whatsapp.net";
  test.each<[string, unknown, object]>([
    [
      "documented",
      { message: { key, receipt: { userJid, readTimestamp: AT / 1000 } } },
      { status: "read", occurredAt: AT },
    ],
    [
      "documented",
      { message: { key, receipt: { userJid, receiptTimestamp: AT / 1000 } } },
      { status: "delivered" },
    ],
    [
      "of the SDK",
      [{ key, receipt: { userJid, status: "read", t: AT / 1000 } }],
      { status: "read", occurredAt: AT },
    ],
  ])("as %s: %j", (_name, data, more) => {
    expect(meaning({ event: "message-receipt.update", data })).toMatchObject([{ ...expected, ...more }]);
  });
});

describe("own messages", () => {
  const message = { conversation: "Your parcel left the depot." };
  const own = {
    kind: "own_message",
    providerKey: "3EB0A1",
    recipientDigits: "15550001111",
    text: "Your parcel left the depot.",
    success: true,
    occurredAt: AT,
  };
  test.each<[string, object]>([
    [
      "message.sent",
      {
        event: "message.sent",
        timestamp: AT,
        data: { key: { ...KEY, remoteJid: "+15550001111" }, message, success: true },
      },
    ],
    [
      "messages.upsert with a list",
      { event: "messages.upsert", timestamp: AT, data: { messages: [{ key: KEY, message }] } },
    ],
    [
      "messages.upsert with an object",
      { event: "messages.upsert", timestamp: AT, data: { messages: { key: KEY, message } } },
    ],
    ["messages.upsert bare", { event: "messages.upsert", timestamp: AT, data: { key: KEY, message } }],
    [
      "extended text in an envelope",
      {
        event: "messages.upsert",
        data: {
          messages: [
            {
              key: KEY,
              messageTimestamp: AT / 1000,
              message: { ephemeralMessage: { message: { extendedTextMessage: { text: own.text } } } },
            },
          ],
        },
      },
    ],
  ])("%s", (_name, event) => {
    expect(meaning(event)).toEqual([own]);
  });
  test.each<[string, object, string | null]>([
    ["a file says its caption", { imageMessage: { url: "u", caption: "Front" } }, "Front"],
    ["one without says what it is", { imageMessage: { url: "u" } }, "image"],
    [
      "also when it opens only once",
      { viewOnceMessage: { message: { videoMessage: { url: "u" } } } },
      "video",
    ],
    ["a place says its name", { locationMessage: { degreesLatitude: 1, name: "Depot" } }, "Depot"],
    ["a poll its question", { pollCreationMessageV3: { name: "Which?", options: [] } }, "Which?"],
    ["what nobody knows says nothing", { newsletterAdminInviteMessage: {} }, null],
  ])("%s", (_name, said, text) => {
    const event = { event: "messages.upsert", timestamp: AT, data: { key: KEY, message: said } };
    expect(meaning(event)).toEqual([{ ...own, text }]);
  });
  test("a failure names no message, and no number is passed on", () => {
    const data = { success: false, error: "Failed to send message: Invalid number JID: +15550001111" };
    expect(meaning({ event: "message.sent", timestamp: 1_788_000_014, data })).toEqual([
      { kind: "own_failure", detail: "Failed to send message: Invalid number JID: [number]" },
    ]);
  });
  test("a failure that has a key keeps it", () => {
    const data = { success: false, key: KEY, message };
    expect(meaning({ event: "message.sent", data })).toMatchObject([
      { ...own, success: false, occurredAt: null },
    ]);
  });
});

describe("inbound", () => {
  const key = {
    id: "3AEB11",
    fromMe: false,
    remoteJid: "98765432101234@lid",
    senderPn: "15550001111@s.whatsapp.net",
    cleanedSenderPn: "15550001111",
  };
  const received = (piece: object, event = "messages.received") => ({
    event,
    timestamp: 1_788_000_020,
    data: { messages: piece },
  });
  const hello = {
    key,
    messageBody: "Thanks!",
    message: { conversation: "Thanks!" },
    pushName: "Mara",
    messageTimestamp: 1_788_000_019,
  };

  test("a text", () => {
    expect(meaning(received(hello))).toEqual([
      {
        kind: "inbound",
        providerId: "3AEB11",
        from: { kind: "phone", value: "+15550001111" },
        occurrence: null,
        fromName: "Mara",
        identities: [
          { kind: "phone", value: "+15550001111" },
          { kind: "lid", value: "98765432101234@lid" },
        ],
        group: null,
        messageKind: "text",
        providerKind: "conversation",
        text: "Thanks!",
        media: null,
        preference: null,
        contextProviderId: null,
        occurredAt: 1_788_000_019_000,
        payload: JSON.stringify(hello),
      },
    ]);
  });

  const group = { id: "3AEB11", fromMe: false, remoteJid: "120363000000000001@g.us" };
  test.each<[string, object, object]>([
    [
      "the SDK's spelling",
      { ...key, cleanedSenderPn: undefined, senderPn: undefined, cleanSenderPn: "15550001111" },
      { kind: "phone", value: "+15550001111" },
    ],
    [
      "a plain address",
      { id: "3", remoteJid: "15550001111:7@s.whatsapp.net" },
      { kind: "phone", value: "+15550001111" },
    ],
    [
      "only a LID",
      { id: "3", remoteJid: "98765432101234@lid" },
      { kind: "bsuid", value: "98765432101234@lid" },
    ],
    [
      "a group, number",
      { ...group, participant: "98@lid", participantPn: "15550001111@s.whatsapp.net" },
      { kind: "phone", value: "+15550001111" },
    ],
    ["a group, LID", { ...group, participant: "98765@lid" }, { kind: "bsuid", value: "98765@lid" }],
    [
      "a channel",
      { id: "3", remoteJid: "120363000000000009@newsletter" },
      { kind: "channel", value: "120363000000000009@newsletter" },
    ],
  ])("the writer: %s", (_name, from, expected) => {
    expect(meaning(received({ ...hello, key: from }))).toMatchObject([{ kind: "inbound", from: expected }]);
  });

  test.each<[string, object, string | null, string | null]>([
    ["image", { imageMessage: { caption: "Front" } }, "Front", null],
    ["audio", { audioMessage: { ptt: true } }, null, null],
    ["contacts", { contactMessage: { displayName: "Mara", vcard: "…" } }, "Mara", null],
    ["location", { locationMessage: { degreesLatitude: 1, name: "Depot" } }, "Depot", null],
    [
      "button",
      { buttonsResponseMessage: { selectedDisplayText: "Yes", contextInfo: { stanzaId: "3EB0A1" } } },
      "Yes",
      "3EB0A1",
    ],
    ["reaction", { reactionMessage: { text: "👍", key: { id: "3EB0A1" } } }, "👍", "3EB0A1"],
    ["text", { extendedTextMessage: { text: "Yes", contextInfo: { stanzaId: "3EB0A1" } } }, "Yes", "3EB0A1"],
    ["other", { pollCreationMessageV9: {} }, null, null],
  ])("%s: %j", (messageKind, message, text, contextProviderId) => {
    const piece = { ...hello, messageBody: undefined, message };
    expect(meaning(received(piece))).toMatchObject([{ messageKind, text, contextProviderId }]);
  });

  test("the events for one message share a key, another session's copy does not", () => {
    const keyOf = (event: string, messages: unknown, scope: string) =>
      split({ event, timestamp: 1_788_000_020, data: { messages } }, { scope })[0]?.dedupeKey;
    const first = keyOf("messages.received", hello, "ses_1");
    expect(keyOf("messages-personal.received", hello, "ses_1")).toBe(first);
    expect(keyOf("messages.upsert", [{ key, message: hello.message }], "ses_1")).toBe(first);
    expect(keyOf("messages.received", hello, "ses_2")).not.toBe(first);
  });
});

describe("secrets never leave the door", () => {
  test.each<[string, object]>([
    ["sessionId", update({ update: { status: 3 }, key: KEY })],
    [
      "the key inside data",
      {
        event: "session.status",
        sessionId: API_KEY,
        data: { status: "connected", session_id: API_KEY, reason: `key ${API_KEY} ok` },
      },
    ],
    ["the key as a name", { event: "x", sessionId: API_KEY, data: { [API_KEY]: [API_KEY] } }],
  ])("%s", (_name, event) => {
    const items = split(event);
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items)).not.toContain(API_KEY);
  });
  test.each(["qr", "qrCode"])("the QR string in %s", (name) => {
    const qr = "2@AbCdEfGhIjKlMnOpQrStUvWx";
    const [item] = split({ event: "qrcode.updated", sessionId: API_KEY, data: { [name]: qr } });
    expect(item).toMatchObject({ kind: "session", body: expect.stringContaining("[redacted]") });
    expect(item?.body).not.toContain(qr);
  });
  test("nor from a body that is broken", () => {
    const raw = JSON.stringify({
      event: "qrcode.updated",
      sessionId: "short-key",
      data: { qr: "2@AbC", api_key: API_KEY },
    });
    const [item] = splitCallback("wasender", Buffer.from(raw.slice(0, -2)));
    expect(item?.kind).toBe("unreadable");
    for (const secret of ["short-key", "2@AbC", API_KEY]) expect(item?.body).not.toContain(secret);
  });
});

describe("sessions", () => {
  test("the status is lower case, whatever its origin", () => {
    const event = {
      event: "session.status",
      sessionId: API_KEY,
      data: { status: "NEED_SCAN", reason: "logged out" },
    };
    expect(meaning(event)).toEqual([{ kind: "session_status", status: "need_scan", detail: "logged out" }]);
  });
  test("the second `connected` of a day is news: it carries no time of its own", () => {
    const event = { event: "session.status", data: { status: "connected" } };
    const keyAt = (receivedAtMs: number) => split(event, { scope: "s", receivedAtMs })[0]?.dedupeKey;
    expect(keyAt(1)).not.toBe(keyAt(2));
    expect(keyAt(1)).toBe(keyAt(1));
  });
});

test("the key of a receipt is the same in every shape, and differs with state and reader", () => {
  const keyOf = (data: unknown, event = "messages.update") =>
    split({ event, timestamp: AT, data }, { scope: "s" })[0]?.dedupeKey;
  const first = keyOf({ update: { status: 3 }, key: KEY });
  expect(keyOf([{ update: { status: "delivered" }, key: KEY }])).toBe(first);
  expect(keyOf({ update: { status: 4 }, key: KEY })).not.toBe(first);
  expect(keyOf({ update: { status: 3 }, key: { ...KEY, participant: "1@lid" } })).not.toBe(first);
});
