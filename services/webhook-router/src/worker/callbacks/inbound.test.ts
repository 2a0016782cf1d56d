import type { Inbound } from "@wamesh/providers";
import { expect, test } from "vitest";
import { inboundOf, type Owner } from "./inbound.ts";

const owner: Owner = { tenant: "acme", session: "ses_1", account: "acc_1", provider: "cloud_api" };
const mara = { kind: "phone", value: "+15550001111" } as const;
const olof = { kind: "phone", value: "+15550002222" } as const;
const text: Inbound = {
  kind: "inbound",
  providerId: "wamid.I",
  occurrence: null,
  from: mara,
  fromName: "Mara",
  identities: [{ kind: "phone", value: mara.value }],
  group: null,
  messageKind: "text",
  providerKind: "text",
  text: "Hello",
  media: null,
  preference: null,
  contextProviderId: null,
  occurredAt: 5,
  payload: "{}",
};
const record = (over: Partial<Inbound>, of: Partial<Owner> = {}) =>
  inboundOf(
    { ...text, ...over },
    { ...owner, ...of },
    { receivedAt: 9, tokenKey: "k", answersMessageId: null },
  );

test("a person's thread is one per tenant, session and person; a group's is one whoever writes", () => {
  const own = record({}).conversation_id;
  expect(record({ providerId: "wamid.J", fromName: null }).conversation_id).toBe(own);
  const others = [
    record({ from: olof }),
    record({ group: "g1" }),
    record({ group: "g2" }),
    record({}, { session: "ses_2" }),
    record({}, { tenant: "globex" }),
  ].map((one) => one.conversation_id);
  expect(new Set([own, ...others]).size).toBe(6);
  expect(record({ group: "g1", from: olof }).conversation_id).toBe(record({ group: "g1" }).conversation_id);
  expect(record({ group: "g1" })).toMatchObject({ group: "g1", sender: mara });
});

test("what shares an id is told apart by kind and by what happened, and is the same the second time", () => {
  const ids = [
    record({}),
    record({ messageKind: "delete" }),
    record({ messageKind: "call", occurrence: "connect" }),
    record({ messageKind: "call", occurrence: "terminate" }),
  ].map((one) => one.event_id);
  expect(new Set(ids).size).toBe(4);
  expect(record({ text: "Hello again", occurredAt: null }).event_id).toBe(ids[0]);
});

test("a preference and a file have their places", () => {
  const media = {
    providerId: "9001",
    url: null,
    mimeType: "audio/ogg",
    sha256: "c2hh",
    bytes: 7,
    fileName: null,
    voice: true,
  };
  expect(record({ media, preference: { scope: "marketing", optedOut: true } })).toMatchObject({
    media: { provider_id: "9001", mime_type: "audio/ogg", bytes: 7, file_name: null, voice: true },
    preference: { scope: "marketing", opted_out: true },
    identities: [{ kind: "phone", value: "+15550001111" }],
  });
});
