import { inboundMessage, messageStatus, sessionEvent } from "@wamesh/testing";
import { describe, expect, it } from "vitest";
import { isTold, ofInbound, ofSessionEvent, ofStatus, subscribes, webhookId } from "./webhook-event.ts";

describe("an event for endpoints", () => {
  it.each([
    ["sent", "message.sent"],
    ["delivered", "message.delivered"],
    ["read", "message.read"],
    ["failed", "message.failed"],
    ["expired", "message.expired"],
    ["cancelled", "message.cancelled"],
    ["unconfirmed", "message.unconfirmed"],
    ["queued", undefined],
    ["in_doubt", undefined],
    ["reference", undefined],
    ["accepted", undefined],
    ["played", undefined],
  ] as const)("of %s is %s", (status, type) => {
    expect(ofStatus(messageStatus({ status }))?.type).toBe(type);
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
    expect(JSON.parse(event.body)).toMatchObject({
      type: "message.expired",
      timestamp: "2026-01-01T00:00:00.000Z",
      data: { tenant: "acme", status: "expired", external_ref: "o-7", reason: { code: "ttl_expired" } },
    });
    expect(event.body).not.toContain("00112233445566778899aabbccddeeff");
  });

  it("of a reply names who wrote and what is answered", () => {
    expect(JSON.parse(ofInbound(inboundMessage({ answers_message_id: "m-1" })).body).data).toMatchObject({
      from: { kind: "phone", value: "+15550000001" },
      text: "hi",
      answers_message_id: "m-1",
    });
  });

  it("of a session tells changes of its state only", () => {
    expect(ofSessionEvent(sessionEvent({ status: "need_scan" }))?.type).toBe("session.status");
    expect(ofSessionEvent(sessionEvent({ kind: "throttled", status: null }))).toBeNull();
  });

  it.each([
    [{ tenant: "globex" }, false],
    [{ events: ["message.read"] }, false],
    [{ sessions: ["session-2"] }, false],
    [{ sessions: ["session-1"] }, true],
    [{}, true],
  ])("goes to an endpoint with %j: %s", (over, goes) => {
    const endpoint = { id: "end_1", tenant: "acme", events: ["message.sent"], sessions: null, ...over };
    expect(subscribes(endpoint, ofStatus(messageStatus())!)).toBe(goes);
  });
});
