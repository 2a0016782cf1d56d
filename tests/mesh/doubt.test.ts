/** What happens when a provider does not say whether it took a message: nothing is sent twice unless the tenant chose to. */
import { afterAll, describe, expect, it } from "vitest";
import { api, cloudTenant, ledger, mesh, message, reaches, sim, type TestTenant, until } from "./fixture.ts";

const template = { name: "welcome", language: "en_US", variables: ["Mara"] };

async function send(tenant: TestTenant, fault: object, more: object = {}): Promise<string> {
  const to = tenant.person();
  await sim("POST", "/_sim/faults", { count: 1, match: { recipient: to }, ...fault });
  const answer = await api<{ id: string }>("POST", "/v1/messages", {
    key: tenant.key,
    body: { to, template, ...more },
  });
  return answer.id;
}

afterAll(() => sim("DELETE", "/_sim/faults"));

// They wait most of their time, each with a tenant of its own.
describe.concurrent("a send without an answer", () => {
  it("that did leave is settled by its receipt, and counts once", async () => {
    const acme = await cloudTenant("doubt-sent");
    const id = await send(acme, { kind: "reset_but_sent" });
    const read = await reaches(acme, id, ["read"]);
    expect(read.timeline.map((step) => step.status)).toContain("in_doubt");
    expect(await ledger([acme.sender])).toMatchObject([{ id, accepted: 1 }]);
  });

  it("that timed out but left is settled too", async () => {
    const acme = await cloudTenant("doubt-timeout");
    const id = await send(acme, { kind: "timeout_but_sent" });
    await reaches(acme, id, ["read"], 60_000);
    expect(await ledger([acme.sender])).toMatchObject([{ id, accepted: 1 }]);
  });

  it("that never left ends unconfirmed, and is not sent again", async () => {
    const acme = await cloudTenant("doubt-lost");
    const id = await send(acme, { kind: "http_5xx", sent: false });
    await reaches(acme, id, ["in_doubt"], 10_000);
    const ended = await reaches(acme, id, ["unconfirmed"], 60_000);
    expect(ended.reason?.code).toBe("outcome_unknown");
    expect((await ledger([acme.sender])).filter((entry) => entry.accepted > 0)).toEqual([]);
  });

  it("is sent again where the tenant chose so, with another claim", async () => {
    const acme = await cloudTenant("doubt-resend");
    await api("PATCH", `/v1/tenants/${acme.id}`, { body: { settings: { doubt_standard: "resend" } } });
    const id = await send(acme, { kind: "http_5xx", sent: false }, { doubt_policy: "resend" });
    const read = await reaches(acme, id, ["read"], 60_000);
    expect(Math.max(...read.timeline.map((step) => step.claim))).toBe(2);
    expect((await ledger([acme.sender])).map((entry) => entry.accepted)).toEqual([1]);
  });
});

describe.concurrent("a definite refusal", () => {
  it("for being too fast is tried again and loses no message", async () => {
    const acme = await cloudTenant("doubt-429");
    const id = await send(acme, { kind: "http_429", retry_after: 1 });
    const read = await reaches(acme, id, ["read"]);
    expect(read.timeline.some((step) => step.status === "in_doubt")).toBe(false);
    expect(await ledger([acme.sender])).toMatchObject([{ id, accepted: 1 }]);
  });

  it("of the message itself ends it as failed, with the provider's reason", async () => {
    const acme = await cloudTenant("doubt-refused");
    const { account_ref } = await api<{ account_ref: string }>("GET", `/v1/sessions/${acme.session}`, {
      key: acme.key,
    });
    await until("its template to be known", async () => {
      const listed = await api<{ items: object[] }>("GET", "/v1/templates", { key: acme.key });
      return listed.items.length > 0 ? listed : undefined;
    });
    // The account again, without its template: the door has not heard of it yet.
    await sim("POST", "/_sim/wabas", {
      waba_id: account_ref,
      app_id: mesh().metaApp.id,
      token: `token-of-${acme.id}`,
      numbers: [{ phone_number_id: acme.sender, display_phone_number: "+15550009999" }],
    });
    const { id } = await api<{ id: string }>("POST", "/v1/messages", {
      key: acme.key,
      body: { to: acme.person(), template },
    });
    await reaches(acme, id, ["failed"]);
    expect((await message(acme, id)).reason?.code).toBe("template_unavailable");
  });

  it("reported later by a receipt ends it as failed too", async () => {
    const acme = await cloudTenant("doubt-later");
    const id = await send(acme, { kind: "failed_later", code: 131026 });
    const failed = await reaches(acme, id, ["failed"]);
    expect(failed.reason?.code).toBe("recipient_unreachable");
  });
});
