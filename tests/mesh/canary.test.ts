/**
 * Unique secrets, numbers and texts are planted, and traffic of all kinds is driven through the mesh, failures first of all.
 * Then everything it leaves behind is searched: secrets stand nowhere, numbers and texts only where docs/architecture.md says.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { topics } from "@wamesh/events";
import { beforeAll, expect, it } from "vitest";
import { numbers, secrets, texts } from "./canary-plants.ts";
import {
  beRefused,
  call,
  callBack,
  errors,
  loseRecords,
  sendAll,
  useBadToken,
  wasenderSession,
} from "./canary-traffic.ts";
import { api, cloudSession, mesh, newTenant, until } from "./fixture.ts";
import { metrics, type Place, records, rows, serverLogs, serviceLogs, spans } from "./haystack.ts";

/** Where a person's number or what they write may stand; everywhere else there is a token, or nothing. */
const allowed: Record<string, { numbers?: true; texts?: true }> = {
  // What is asked for, and what is to be sent.
  [topics.domainEvent.name]: { numbers: true, texts: true },
  [topics.outboundOtp.name]: { numbers: true, texts: true },
  [topics.outboundStandard.name]: { numbers: true, texts: true },
  [topics.outboundBulk.name]: { numbers: true, texts: true },
  // Whom a campaign is for, until thirty days after it was used.
  "ingest.audience_member.recipient": { numbers: true },
  "ingest.audience_member.person": { numbers: true },
  "ingest.audience_member.variables": { texts: true },
  // What people answer, on its way.
  [topics.providerCallback.name]: { numbers: true, texts: true },
  [topics.providerUnrouted.name]: { numbers: true, texts: true },
  [topics.messageInbound.name]: { numbers: true, texts: true },
  // The bytes of what could not be read or done.
  [topics.dead.name]: { numbers: true, texts: true },
  // Whether a person may be written to is about their number.
  [topics.contactConsent.name]: { numbers: true },
  // The schedule until sent, bodies for replay, and the read model.
  "dispatch.pending.payload": { numbers: true, texts: true },
  "webhooks.delivery.body": { numbers: true, texts: true },
  "projection.message.recipient": { numbers: true },
  "projection.inbound.sender": { numbers: true },
  "projection.inbound_identity.value": { numbers: true },
  "projection.inbound.text": { texts: true },
};

let places: Place[];
const spanTrace = randomBytes(16).toString("hex");

beforeAll(async () => {
  for (const [name, value] of Object.entries(JSON.parse(readFileSync(mesh().secrets, "utf8"))))
    secrets[name] = String(value).replace(/^wam_[a-z0-9]+_/, "");
  for (const [name, file] of Object.entries(mesh().rings))
    for (const [place, key] of readFileSync(file, "utf8").split(",").entries())
      secrets[`${name} ring key ${place}`] = key.split(":")[1]!;
  const tenant = await newTenant("canary");
  const { key } = tenant;
  secrets.apiKey = key.split("_")[2]!;
  const cloud = await cloudSession(tenant, { accessToken: secrets.accessToken! });
  const wasender = await wasenderSession(tenant);
  secrets.wasenderKey = wasender.apiKey;
  secrets.webhookSecret = wasender.secret;
  secrets.callbackToken = wasender.callbackUrl.split("/").at(-1)!;
  const endpoint = await api<{ secret: string }>("POST", "/v1/endpoints", {
    key,
    // Nobody listens there, so deliveries fail.
    body: { url: "http://127.0.0.1:9/canary", events: ["message.read", "message.inbound"] },
  });
  secrets.endpointSecret = endpoint.secret;

  await sendAll(key, cloud.session, wasender.session);
  await beRefused(key, tenant.id);
  await callBack(cloud, wasender);
  await loseRecords(tenant.id);
  await useBadToken(key, cloud);
  await collect(key, tenant.id);
}, 180_000);

/** Waits until the last of it has been written down, and reads it all. */
async function collect(key: string, tenant: string): Promise<void> {
  await until("what people wrote to be delivered in vain", async () => {
    const found = (await rows()).find(({ place }) => place === "webhooks.delivery.body");
    return found?.text.includes(texts.inbound) ? true : undefined;
  });
  // The last request of each service: with its span, all spans before it have been exported.
  const traceparent = `00-${spanTrace}-${"1".repeat(16)}-01`;
  for (const path of ["/v1/rules", "/v1/keys", "/v1/endpoints", "/v1/status/counters"])
    await call("GET", path, { key, headers: { traceparent } });
  await until("the last spans", async () =>
    spans().text.split(spanTrace).length > 4 && spans().text.includes("wamesh-dispatcher") ? true : undefined,
  );
  places = [
    ...serviceLogs(),
    ...serverLogs(),
    ...(await metrics()),
    spans(),
    ...(await records()),
    ...(await rows()),
    { place: "answers to refused requests", text: errors.join("\n") },
  ];
  expect(places.find(({ place }) => place === "log of ingest")?.text).toContain(tenant);
}

/** As it is, and as it would look inside JSON, base64 or Postgres' hexadecimal bytes. */
function spellings(value: string): string[] {
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.from(`${"x".repeat(shift)}${value}`)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [value, JSON.stringify(value).slice(1, -1), Buffer.from(value).toString("hex"), ...base64];
}

function found(
  planted: Record<string, string>,
  isFine: (place: string) => boolean,
  without = ({ text }: Place) => text,
): string[] {
  return places
    .filter(({ place }) => !isFine(place))
    .flatMap((one) => {
      const text = without(one);
      return Object.entries(planted)
        .filter(([, value]) => spellings(value).some((spelling) => text.includes(spelling)))
        .map(([name, value]) => `${name} in ${one.place}: ${excerpt(text, value)}`);
    });
}

/**
 * Meta's own message ids hold the recipient's number in base64. Receipts and answers name messages by them, so they stand with
 * statuses and references; in logs, spans and answers they have no business either.
 */
function withoutMetaIds({ place, text }: Place): string {
  const stored = /^topic |^(dispatch|webhooks|projection)\./.test(place);
  return stored ? text.replace(/wamid\.[A-Za-z0-9+/=_-]+/g, "") : text;
}

/** What stands around it, so that a find can be mended. */
function excerpt(text: string, value: string): string {
  const at = text.indexOf(value);
  return at < 0 ? "(encoded)" : text.slice(Math.max(0, at - 160), at + value.length + 40);
}

const inPlace = (place: string) => allowed[place.replace(/^topic /, "")] ?? {};
/** Without the plus: providers write numbers so. */
const bare = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, number.slice(1)]));

it("no secret stands anywhere: no log, span, metric, record, row or answer", () => {
  expect(Object.keys(secrets).length).toBeGreaterThanOrEqual(14);
  expect(found(secrets, () => false)).toEqual([]);
});

it("people's numbers stand where messages, callbacks and the read model are, and nowhere else", () => {
  expect(found(bare, (place) => inPlace(place).numbers === true, withoutMetaIds)).toEqual([]);
});

it("what people are told and write stands there too, and nowhere else", () => {
  expect(found(texts, (place) => inPlace(place).texts === true)).toEqual([]);
});

it("the search finds what is there: everything planted was under way", () => {
  const everywhere = [...found(bare, () => false), ...found(texts, () => false)].join("\n");
  for (const expected of [
    `recipient in topic ${topics.outboundStandard.name}`,
    `otherRecipient in topic ${topics.outboundStandard.name}`,
    `customer in topic ${topics.messageInbound.name}`,
    `customer in topic ${topics.providerUnrouted.name}`,
    `ofEvent in topic ${topics.domainEvent.name}`,
    `variable in dispatch.pending.payload`,
    `recipient in projection.message.recipient`,
    `inbound in projection.inbound.text`,
    `customer in projection.inbound_identity.value`,
    `inbound in webhooks.delivery.body`,
    `broken in topic ${topics.dead.name}`,
  ])
    expect(everywhere).toContain(expected);
  for (const kind of ["log of", "metrics of", "spans", "topic", "control.", "dispatch.", "projection."])
    expect(
      places.some(({ place, text }) => place.startsWith(kind) && text.length > 0),
      kind,
    ).toBe(true);
});
