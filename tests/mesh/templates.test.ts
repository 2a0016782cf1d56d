/** A template's whole way: created, reviewed, sent with the right values only, held while it is paused, released. */
import { createCodec, type SessionEvent, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { outgoing, sessionEvent } from "@wamesh/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { api, cloudTenant, http, mesh, message, reaches, sim, type TestTenant, until } from "./fixture.ts";

let tell: (event: SessionEvent) => Promise<void>;
let close: () => Promise<void>;
beforeAll(async () => {
  const kafka = openKafka({ brokers: mesh().kafkaBrokers, clientId: "test", log: () => {} });
  const codec = await createCodec({ registryUrl: mesh().registryUrl });
  const producer = kafka.producer();
  tell = async (event) => {
    const value = codec.encode(topics.sessionEvent, event);
    const { local: partitions } = topics.sessionEvent.partitions;
    await producer.send([outgoing(topics.sessionEvent, value, { tenant: event.tenant, partitions })]);
  };
  close = () => producer.close();
});
afterAll(() => close());

const name = "order_ready";
const language = "en_US";

type Session = { account: string; account_ref: string };
type Template = { id: string; state: string };

/** At the provider, and as its callback is understood. */
async function providerSays(acme: TestTenant, session: Session, status: "APPROVED" | "PAUSED") {
  await sim("PUT", `/_sim/wabas/${session.account_ref}/templates`, { name, language, status });
  await tell(
    sessionEvent({
      tenant: acme.id,
      session: "",
      account: session.account,
      kind: "template",
      evidence: "callback",
      occurred_at: Date.now(),
      template: {
        name,
        language,
        provider_id: null,
        event: "status",
        status: status.toLowerCase(),
        quality: null,
        category: null,
        reason: null,
      },
    }),
  );
}

it("a template is created, approved and sent; wrong values are refused, paused ones wait and leave when released", async () => {
  const acme = await cloudTenant("template");
  const { key } = acme;
  const session = await api<Session>("GET", `/v1/sessions/${acme.session}`, { key });
  await sim("PUT", `/_sim/wabas/${session.account_ref}/review`, { verdict: "wait" });
  const send = (template: object) =>
    http<{ id: string; code: string; detail: string }>("POST", `${mesh().origin}/v1/messages`, {
      key,
      body: { to: acme.person(), template },
    });
  const refusal = async (template: object, code: string) =>
    until(`${code}`, async () => {
      const { status, body } = await send(template);
      return status === 422 && body.code === code ? body.detail : undefined;
    });

  // The account's own templates are known soon after it connects: what is not among them does not exist.
  await refusal({ name: "unheard_of", language }, "template_unknown");
  const made = await api<Template>("POST", "/v1/templates", {
    key,
    body: {
      session_id: acme.session,
      name,
      language,
      category: "utility",
      components: [
        { type: "BODY", text: "Hi {{1}}, order {{2}} is ready.", example: { body_text: [["Mara", "88"]] } },
      ],
      submit: true,
    },
  });
  const becomes = (state: string) =>
    until(`the template to be ${state}`, async () => {
      const now = await api<Template>("GET", `/v1/templates/${made.id}`, { key });
      return now.state === state ? now : undefined;
    });
  await becomes("pending");
  const variables = ["Mara", "88"];
  await refusal({ name, language, variables }, "template_not_approved");

  await providerSays(acme, session, "APPROVED");
  await becomes("approved");
  const accepted = await until("a message to be accepted", async () => {
    const { status, body } = await send({ name, language, variables });
    return status === 202 ? body.id : undefined;
  });
  await reaches(acme, accepted, ["read"]);
  expect(await refusal({ name, language, variables: ["Mara"] }, "template_mismatch")).toContain(
    "body: value 2 is missing",
  );

  await providerSays(acme, session, "PAUSED");
  await becomes("paused");
  const held = await until("a message to be held", async () => {
    const { status, body } = await send({ name, language, variables });
    expect(status).toBe(202);
    await reaches(acme, body.id, ["queued", "read"]);
    const { waiting } = await until(`${body.id} to wait or leave`, async () => {
      const now = await message(acme, body.id);
      return now.waiting !== null || now.status !== "queued" ? now : undefined;
    });
    return waiting?.reason === "template_paused" ? body.id : undefined;
  });
  const other = await send({ name: "welcome", language, variables: ["x"] });
  await reaches(acme, other.body.id, ["read"]);
  expect((await message(acme, held)).status).toBe("queued");
  await providerSays(acme, session, "APPROVED");
  await reaches(acme, held, ["read"]);
});
