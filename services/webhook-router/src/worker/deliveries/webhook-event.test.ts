import { inboundMessage, messageStatus, sessionEvent } from "@wamesh/testing";
import { describe, expect, it } from "vitest";
import { typeFor } from "./subscription.ts";
import {
  bodyOf,
  isTold,
  ofDisabled,
  ofInbound,
  ofSessionEvent,
  ofStatus,
  webhookId,
} from "./webhook-event.ts";

describe("an event for endpoints", () => {
  it.each([
    ["sent", "message.sent"],
    ["delivered", "message.delivered"],
    ["read", "message.read"],
    ["failed", "message.failed"],
    ["expired", "message.expired"],
    ["cancelled", "message.cancelled"],
    ["unconfirmed", "message.unconfirmed"],
    ["in_doubt", "message.in_doubt"],
    ["played", "message.played"],
    ["queued", undefined],
    ["reference", undefined],
    ["accepted", undefined],
  ] as const)("of %s is %s", (status, type) => {
    expect(ofStatus(messageStatus({ status }))?.types).toEqual(type && [type]);
    expect(isTold(status)).toBe(type !== undefined);
  });

  it("of the mesh's own sent and the provider's is the same one", () => {
    const [ours, theirs] = (["mesh", "provider"] as const).map((origin) =>
      ofStatus(messageStatus({ status: "sent", origin })),
    );
    expect(ours?.subject).toBe(theirs?.subject);
    expect(webhookId("end_1", ours!.subject)).toBe(webhookId("end_1", theirs!.subject));
    expect(webhookId("end_2", ours!.subject)).not.toBe(webhookId("end_1", ours!.subject));
  });

  it("carries what a tenant needs, and neither token nor number of the recipient", () => {
    const reason = {
      code: "ttl_expired",
      fault_class: "pace",
      provider_code: "131",
      detail: "Too late.",
    } as const;
    const event = ofStatus(messageStatus({ status: "expired", claim: 0, reason, external_ref: "o-7" }))!;
    expect(JSON.parse(bodyOf("message.expired", event))).toMatchObject({
      type: "message.expired",
      version: 1,
      timestamp: "2026-01-01T00:00:00.000Z",
      data: {
        tenant: "acme",
        status: "expired",
        rank: 101,
        external_ref: "o-7",
        reason: { code: "ttl_expired" },
      },
    });
    expect(event.data).not.toContain("00112233445566778899aabbccddeeff");
  });

  it("of a reply names who wrote and what is answered", () => {
    expect(JSON.parse(ofInbound(inboundMessage({ answers_message_id: "m-1" })).data)).toMatchObject({
      from: { kind: "phone", value: "+15550000001" },
      text: "hi",
      answers_message_id: "m-1",
    });
  });

  it("of a session goes by its status, or by what else was observed", () => {
    expect(ofSessionEvent(sessionEvent({ status: "need_scan" }))?.types).toEqual([
      "session.status",
      "session.need_scan",
    ]);
    expect(ofSessionEvent(sessionEvent({ kind: "throttled", status: null }))?.types).toEqual([
      "session.throttled",
    ]);
    expect(ofSessionEvent(sessionEvent({ kind: "UNKNOWN", status: null }))).toBeNull();
  });

  it("that may happen again with another claim is told again, and only that", () => {
    const subjects = (status: "in_doubt" | "delivered") =>
      [1, 2].map((claim) => ofStatus(messageStatus({ status, claim }))!.subject);
    expect(new Set(subjects("in_doubt")).size).toBe(2);
    expect(new Set(subjects("delivered")).size).toBe(1);
  });

  it.each([
    [{ tenant: "globex" }, null],
    [{ events: ["message.read"] }, null],
    [{ sessions: ["session-2"] }, null],
    [{ sessions: ["session-1"] }, "message.inbound"],
    [{ events: ["message.inbound.text"] }, "message.inbound.text"],
    [{ events: ["message.inbound.image"] }, null],
    // Both: once, under the general name.
    [{ events: ["message.inbound.text", "message.inbound"] }, "message.inbound"],
    [{}, "message.inbound"],
  ])("goes to an endpoint with %j as %s", (over, type) => {
    const endpoint = { id: "end_1", tenant: "acme", events: ["message.inbound"], sessions: null, ...over };
    expect(typeFor(endpoint, ofInbound(inboundMessage()))).toBe(type);
  });

  it("of an account goes to endpoints of all sessions only; of an endpoint, to whoever asked", () => {
    const account = ofSessionEvent(sessionEvent({ session: "", kind: "template", status: null }))!;
    const disabled = ofDisabled({ id: "end_2", tenant: "acme", reason: "gone", version: 3, atMs: 0 });
    const all = {
      id: "end_1",
      tenant: "acme",
      events: ["session.template", "endpoint.disabled"],
      sessions: null,
    };
    const some = { ...all, sessions: ["session-1"] };
    expect([typeFor(all, account), typeFor(some, account)]).toEqual(["session.template", null]);
    expect([typeFor(all, disabled), typeFor(some, disabled)]).toEqual(Array(2).fill("endpoint.disabled"));
  });
});
