/** What the dispatcher decides by itself: which records may enter, who may send, and what each change says to others. */
import type { MessageStatus } from "@wamesh/events";
import type { Change, Item } from "@wamesh/pacer";
import { messageStatus, outboundCommand, outboundMessage, sessionState, tenantConfig } from "@wamesh/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { admissible, doubtPolicy } from "./admission.ts";
import { understand } from "./commands.ts";
import { statesOf } from "./dispatch-state.ts";
import { isNoEcho, keysOf, settlementOf } from "./echo.ts";
import { memberOf } from "./members.ts";
import { type FramedRecord, frame, unframe } from "./outbox-frame.ts";
import { toSendResult } from "./outcome.ts";
import { packPayload, unpackPayload } from "./payload.ts";
import { createTroubleReporter, refusedInARow, troubleOf } from "./session-trouble.ts";
import { deadLetterOf, statusOf } from "./status.ts";
import { streamOf } from "./streams.ts";

const session = sessionState({ tenant: "acme", session: "ses_1", status: "connected", rate_per_s: 80 });
const record = outboundMessage({ tenant: "acme", session: "ses_1", lane: "otp", provider: "cloud_api" });
const where = {
  topic: "wa.outbound.otp.v1",
  offset: "41",
  headers: { traceparent: "00-abc-def-01", other: "x" },
};
const tenantOf = (change = {}) => ({
  state: "active",
  record: tenantConfig({ tenant: "acme" }).tenant_record,
  ...change,
});
const directory = (change: { session?: object | null; tenant?: object | null } = {}) =>
  ({
    session: () => (change.session === null ? undefined : { ...session, ...change.session }),
    tenant: () => (change.tenant === null ? undefined : tenantOf(change.tenant)),
  }) as never;

describe("admission", () => {
  it("makes an item of a record: member, lane, conversation, time limits and its own payload", () => {
    const admitted = admissible(record, where, directory());
    if (admitted.kind !== "item") throw new Error("refused");
    expect(admitted.item).toMatchObject({
      id: record.message_id,
      tenant: "acme",
      member: "ses_1",
      lane: "otp",
      stream: record.campaign,
      offset: "41",
      conversation: `ses_1:${record.recipient_token}`,
      notAfter: record.not_after,
      fingerprint: record.fingerprint,
    });
    expect(unpackPayload(admitted.item.payload)).toEqual({ record, trace: { traceparent: "00-abc-def-01" } });
  });

  it.each([
    ["an unknown lane", { lane: "UNKNOWN" as const }, "invalid_record"],
    ["an unknown provider", { provider: "UNKNOWN" as const }, "invalid_record"],
    ["unknown content", { content: { ...record.content, kind: "UNKNOWN" as const } }, "invalid_record"],
    [
      "an image without its file",
      { content: { ...record.content, kind: "image" as const } },
      "invalid_record",
    ],
  ])("refuses %s", (_what, change, code) => {
    expect(admissible({ ...record, ...change }, where, directory())).toMatchObject({
      kind: "refused",
      reason: { code },
    });
  });

  it("refuses a session of another tenant, and lets one wait that is not known yet", () => {
    expect(admissible(record, where, directory({ session: { tenant: "globex" } }))).toMatchObject({
      reason: { code: "tenant_mismatch" },
    });
    expect(admissible(record, where, directory({ session: null }))).toMatchObject({ kind: "item" });
  });

  it("never sends twice unless the message or its tenant chose to", () => {
    const settings = { ...tenantOf().record?.settings, doubt_otp: "resend" };
    const chosen = directory({ tenant: { record: { ...tenantOf().record, settings } } });
    expect(doubtPolicy(record, directory())).toBe("fail_unknown");
    expect(doubtPolicy(record, directory({ tenant: null }))).toBe("fail_unknown");
    expect(doubtPolicy(record, chosen)).toBe("resend");
    expect(doubtPolicy({ ...record, lane: "bulk" }, chosen)).toBe("fail_unknown");
    expect(doubtPolicy({ ...record, doubt_policy: "fail_unknown" }, chosen)).toBe("fail_unknown");
  });
});

describe("a session may send", () => {
  it.each([
    ["connected", {}, {}, "open", null],
    ["disconnected", { status: "disconnected" }, {}, "held", "session_not_connected"],
    ["auth_failed", { status: "auth_failed" }, {}, "held", "session_not_connected"],
    ["deleted", { status: "deleted" }, {}, "gone", "session_deleted"],
    ["connected, of a suspended tenant", {}, { state: "suspended" }, "held", "tenant_suspended"],
  ])("%s", (_what, sessionChange, tenantChange, state, heldReason) => {
    expect(memberOf(directory({ session: sessionChange, tenant: tenantChange }), "ses_1")).toMatchObject({
      state,
      heldReason,
      ratePerS: 80,
      tenant: "acme",
    });
  });

  it("and one that nobody has heard of is not known", () => {
    expect(memberOf(directory({ session: null }), "ses_9")).toBeUndefined();
  });
});

describe("what waits is told", () => {
  const lanes = (standard: number) => ({ otp: 0, standard, bulk: 0 });
  const count = 700;
  const snapshot = {
    perTenant: ["acme", "globex"].map((tenant) => ({
      tenant,
      shard: 3,
      queued: lanes(count),
      oldestMs: { otp: null, standard: 40, bulk: null },
      inFlight: 1,
      inDoubt: 2,
      sentTotal: 0,
    })),
    members: Array.from({ length: count }, (_, i) => ({
      id: `s${i}`,
      tenant: "acme",
      shard: 3,
      configuredRatePerS: 80,
      effectiveRatePerS: 40,
      pausedUntil: null,
      heldReason: null,
      queued: lanes(i),
    })),
    held: [
      {
        tenant: "globex",
        shard: 3,
        member: "g1",
        stream: streamOf({ campaign: "c-1", content: { ...record.content, template: null } }),
        reason: "campaign_paused",
        messages: 5,
        until: 1_700_000_000_499,
      },
    ],
  };
  const [acme, globex] = statesOf(snapshot as never, 1_700_000_000_000);
  it("per tenant and shard, those with most waiting first, as many as fit", () => {
    expect(acme).toMatchObject({
      tenant: "acme",
      shard: 3,
      in_doubt: 2,
      oldest_at: 1_699_999_999_960,
      held: [],
    });
    expect(acme?.sessions).toHaveLength(500);
    expect(acme?.sessions[0]).toMatchObject({ session: "s699", queued: 699, effective_per_s: 40 });
  });
  it("with its reason and an estimate to the second", () => {
    expect(globex?.held).toEqual([
      {
        session: "g1",
        campaign: "c-1",
        template: null,
        reason: "campaign_paused",
        messages: 5,
        until: 1_700_000_000_000,
      },
    ]);
  });
});

describe("a provider's answer", () => {
  const rejected = {
    kind: "rejected",
    code: "throughput_reached",
    providerCode: "130429",
    faultClass: "pace",
    retry: { kind: "after", ms: 1000, countsAsAttempt: false },
    scope: "session",
    effect: "slow",
    pauseMs: null,
    detail: "slow down",
  } as const;

  it.each([
    ["used up", { limit: 256, remaining: 0, resetMs: 8_000 }, 7_000],
    ["used up, and open again within the second", { remaining: 0, resetMs: 900 }, undefined],
    ["something left", { remaining: 3, resetMs: 8_000 }, undefined],
    ["used up until nobody knows when", { remaining: 0 }, undefined],
    ["used up for a week: asked again in an hour", { remaining: 0, resetMs: 604_800_000 }, 3_600_000],
  ])("its window is %s", (_what, rate, waitMs) => {
    const outcome = { kind: "accepted", providerId: "1", held: false, rate } as const;
    expect(toSendResult(outcome).waitMs).toBe(waitMs);
    expect(toSendResult({ ...rejected, rate }).waitMs).toBe(waitMs);
  });

  it("accepted and unsure keep their words", () => {
    expect(toSendResult({ kind: "accepted", providerId: "wamid.1", held: false })).toEqual({
      kind: "accepted",
      providerId: "wamid.1",
    });
    expect(toSendResult({ kind: "unsure", why: "timed out" })).toMatchObject({
      kind: "unsure",
      reason: { code: "outcome_unknown", detail: "timed out" },
    });
  });

  it.each([
    ["message", "message"],
    ["pair", "conversation"],
    ["session", "member"],
    ["app", "member"],
    ["account", "account"],
  ] as const)("about a %s acts on the %s", (scope, acts) => {
    expect(toSendResult({ ...rejected, scope })).toMatchObject({
      scope: acts,
      effect: "slow",
      retry: { afterMs: 1000, countsAsAttempt: false },
    });
  });

  it("about a template lets the session go on with everything else", () => {
    expect(toSendResult({ ...rejected, scope: "template", effect: "pause" })).toMatchObject({
      scope: "message",
      effect: "none",
    });
  });

  it("that is final has no retry", () => {
    expect(toSendResult({ ...rejected, retry: { kind: "never" } })).toMatchObject({ retry: null });
  });

  it("speaks of the session only where it does", () => {
    expect(troubleOf(rejected)).toEqual({ kind: "throttled", status: null });
    expect(troubleOf({ ...rejected, faultClass: "credentials" })).toEqual({
      kind: "status",
      status: "auth_failed",
    });
    expect(troubleOf({ ...rejected, effect: "pause" })).toEqual({ kind: "paused", status: null });
    expect(troubleOf({ ...rejected, scope: "message", effect: "none" })).toBeNull();
  });
});

describe("sends refused in a row for no reason of their own", () => {
  const refused = {
    kind: "rejected",
    code: "provider_refused",
    providerCode: "http_200",
    faultClass: "unknown",
    retry: { kind: "after", ms: null, countsAsAttempt: true },
    scope: "message",
    effect: "none",
    pauseMs: null,
    detail: "The provider refused the message",
  } as const;
  const accepted = { kind: "accepted", providerId: "p", held: false } as const;

  function told(outcomes: [Parameters<typeof refusedInARow>[1], string][]) {
    const events: { kind: string; code: string | undefined }[] = [];
    const report = createTroubleReporter({
      publish: (event) => events.push({ kind: event.kind, code: event.reason?.code }),
      now: () => 0,
      quietMs: 5_000,
    });
    for (const [outcome, messageId] of outcomes) report(session, outcome, messageId);
    return events;
  }

  it("are told as the session's trouble at the third message", () => {
    expect(
      told([
        [refused, "m1"],
        [refused, "m2"],
      ]),
    ).toEqual([]);
    expect(
      told([
        [refused, "m1"],
        [refused, "m2"],
        [refused, "m3"],
      ]),
    ).toEqual([{ kind: "send_failed", code: "provider_refused" }]);
  });

  it("are forgotten with the first accepted one, and one message counts once", () => {
    expect(
      told([
        [refused, "m1"],
        [refused, "m2"],
        [accepted, "m3"],
        [refused, "m4"],
        [refused, "m5"],
      ]),
    ).toEqual([]);
    expect(
      told([
        [refused, "m1"],
        [refused, "m1"],
        [refused, "m1"],
        [refused, "m1"],
      ]),
    ).toEqual([]);
  });

  it("don't include what is the recipient's or the content's fault, nor what nobody knows", () => {
    const none = [
      { ...refused, faultClass: "recipient" as const },
      { ...refused, faultClass: "content" as const },
      { ...refused, scope: "session" as const },
      { kind: "unsure" as const, why: "reset" },
    ];
    for (const outcome of none) expect(refusedInARow(["m1"], outcome, "m2")).toEqual(["m1"]);
  });
});

describe("a change in the schedule", () => {
  const item: Item = {
    id: record.message_id,
    tenant: "acme",
    account: record.account,
    member: "ses_1",
    lane: "otp",
    stream: null,
    topic: where.topic,
    offset: "41",
    conversation: "c",
    nextAt: null,
    notAfter: record.not_after,
    doubtPolicy: "fail_unknown",
    fingerprint: record.fingerprint,
    payload: packPayload({ record, trace: {} }),
    shard: 3,
    attempts: 1,
    n: 2,
    admittedAt: 1000,
  };
  const reason = { code: "outcome_unknown", faultClass: "provider", providerCode: null, detail: "timed out" };
  const changes: [Change, Partial<MessageStatus>][] = [
    [
      { status: "queued", at: 5, nextAt: null, reason: null },
      { status: "queued", rank: 10, claim: 0, reason: null },
    ],
    [
      { status: "queued", at: 5, nextAt: 9, reason },
      { status: "queued", claim: 3, next_at: 9 },
    ],
    [
      { status: "in_doubt", at: 5, claimedAt: 4, reason },
      { status: "in_doubt", rank: 30, claim: 2, claimed_at: 4, content_token: "t" },
    ],
    [
      { status: "sent", at: 5, claimedAt: 3, sentAt: 4, providerId: "wamid.1" },
      { status: "sent", rank: 50, provider_id: "wamid.1", sent_at: 4, content_token: "t" },
    ],
    [
      { status: "failed", at: 5, claimedAt: 3, reason, dead: true },
      { status: "failed", rank: 100, content_token: null },
    ],
    [
      { status: "expired", at: 5, claimedAt: null, reason, dead: false },
      { status: "expired", rank: 101 },
    ],
    [
      { status: "unconfirmed", at: 5, claimedAt: 3, reason, dead: false },
      { status: "unconfirmed", rank: 40 },
    ],
  ];

  it.each(changes)("%o becomes a status that stands alone", (change, expected) => {
    const status = statusOf(item, record, change, "t");
    expect(status).toMatchObject({
      ...expected,
      origin: "mesh",
      tenant: "acme",
      message_id: record.message_id,
      session: "ses_1",
      lane: "otp",
      recipient_token: record.recipient_token,
      queued_at: 1000,
      occurred_at: 5,
    });
    expect(statusOf(item, record, change, "t").event_id).toBe(status.event_id);
  });

  it("has another event id for another claim", () => {
    const ids = [1, 2, 3].map((n) => statusOf({ ...item, n }, record, changes[1]![0], null).event_id);
    expect(new Set(ids).size).toBe(3);
  });

  it("that ends a message dead leaves a letter with its record, others leave none", () => {
    const letter = deadLetterOf(item, record, changes[4]![0]);
    expect(letter).toMatchObject({
      message_id: record.message_id,
      origin_topic: where.topic,
      origin_partition: 3,
      origin_offset: 41,
      attempts: 1,
    });
    expect(JSON.parse(Buffer.from(letter?.origin_value ?? []).toString())).toEqual(record);
    for (const at of [0, 1, 2, 3, 5, 6]) expect(deadLetterOf(item, record, changes[at]![0])).toBeNull();
  });
});

describe("a receipt", () => {
  it.each([
    ["sent", "sent"],
    ["delivered", "sent"],
    ["read", "sent"],
    ["played", "sent"],
    ["failed", "failed"],
    // Its own message was seen: it left.
    ["reference", "sent"],
  ] as const)("%s settles a doubt as %s", (status, outcome) => {
    expect(
      settlementOf(messageStatus({ status, origin: "provider", claim: 2, provider_id: "wamid.1" })),
    ).toMatchObject({ n: 2, outcome, providerId: "wamid.1" });
  });

  it("of WasenderApi names the key that need not be looked up", () => {
    const told = messageStatus({ provider: "wasender", origin: "provider", provider_key: "K", claim: 2 });
    expect(keysOf([told])).toEqual([{ message_id: told.message_id, claim: 2, key: "K" }]);
    expect(
      keysOf([
        { ...told, provider_key: null },
        { ...told, origin: "mesh" },
      ]),
    ).toEqual([]);
    expect(keysOf([{ ...told, provider: "cloud_api" }])).toEqual([]);
  });

  it("without a claim, or of our own making, settles nothing", () => {
    expect(settlementOf(messageStatus({ status: "sent", origin: "provider", claim: 0 }))).toBeNull();
    expect(settlementOf(messageStatus({ status: "sent", origin: "mesh", claim: 1 }))).toBeNull();
    const noEcho = (headers: Record<string, string>) => isNoEcho((name) => headers[name]);
    expect(noEcho({ status: "sent", ce_source: "/wamesh/dispatcher" })).toBe(true);
    expect(noEcho({ status: "queued", ce_source: "/wamesh/webhook-router" })).toBe(true);
    expect(noEcho({ status: "read", ce_source: "/wamesh/webhook-router" })).toBe(false);
    expect(noEcho({ status: "reference", ce_source: "/wamesh/webhook-router" })).toBe(false);
    expect(noEcho({ status: "reference", ce_source: "/wamesh/dispatcher" })).toBe(true);
  });
});

describe("a person's decision", () => {
  const command = outboundCommand({ tenant: "acme", message_id: "m", kind: "cancel" });

  it("holds for its tenant's message in the shard it was read from", () => {
    expect(understand(command, 3)).toEqual({
      kind: "command",
      command: { shard: 3, id: "m", tenant: "acme", kind: "cancel" },
    });
  });

  it("to mark a received message as read is no decision of the schedule, and names a session", () => {
    const read_mark = { session: "ses_1", chat: null, typing: false };
    expect(understand({ ...command, kind: "read", read_mark }, 3)).toEqual({ kind: "read_mark" });
    expect(understand({ ...command, kind: "read" }, 3)).toMatchObject({ kind: "refused" });
  });

  it("of an unknown kind is a dead letter", () => {
    expect(understand({ ...command, kind: "UNKNOWN" }, 3)).toMatchObject({
      kind: "refused",
      reason: { code: "invalid_record" },
    });
  });
});

it("framed records come back as they were", () => {
  const framed = fc.record({
    topic: fc.constantFrom("status" as const, "dead" as const),
    facts: fc.record({
      id: fc.string(),
      type: fc.string(),
      source: fc.string(),
      timeMs: fc.nat(),
      tenant: fc.string(),
    }),
    trace: fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
    value: fc.uint8Array({ maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(framed, { maxLength: 4 }), (records) => {
      const plain = (framed: readonly FramedRecord[]) =>
        framed.map((one) => ({
          ...one,
          facts: { ...one.facts },
          trace: { ...one.trace },
          value: [...one.value],
        }));
      const bytes = frame(records);
      expect(plain(unframe(bytes))).toEqual(plain(records));
      // As the next process finds them.
      expect(plain(unframe(Buffer.from(bytes)))).toEqual(plain(records));
    }),
  );
});
