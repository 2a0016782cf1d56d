/** Tenants that have one of everything, each thing marked, so that a byte of theirs in a stranger's answer is noticed. */
import { randomBytes } from "node:crypto";
import { callOf } from "../openapi/call.ts";
import type { Hints } from "../openapi/example.ts";
import { nameOf, type Operation, operationsOf } from "../openapi/operations.ts";
import { api, cloudSession, http, mesh, newTenant, reaches, service } from "./fixture.ts";

export type Victim = {
  id: string;
  key: string;
  /** What answers to strangers must not say. */
  marks: readonly string[];
  /** Values of fields that name things of this tenant. */
  hints: Hints;
  /** The real thing that a path parameter names, given the path before it; undefined: none is known. */
  idAt(before: string): string | undefined;
};

const services = ["ingest", "session-manager", "webhook-router", "status-projector"];

/** Every operation that the services' own documents name: a new route is covered the day it is written. */
export async function allOperations(): Promise<Operation[]> {
  const documents = await Promise.all(
    services.map(async (name) => {
      const { body } = await http("GET", `${(await service(name)).url}/openapi.json`);
      return operationsOf(name, body);
    }),
  );
  return documents.flat();
}

/** What all tenants share; nobody's secret. */
const shared: Readonly<Record<string, string>> = { plans: "standard" };

/** Fills a tenant with things. What a new collection holds is made, or found, through its own routes. */
export async function furnish(
  tenant: { id: string; key: string },
  operations: readonly Operation[],
): Promise<Victim> {
  const mark = `mark${randomBytes(8).toString("hex")}`;
  const { key } = tenant;
  const sender = await cloudSession(tenant, { name: `session ${mark}`, ratePerS: 80 });
  const made = (path: string, body: object) => api<{ id: string }>("POST", path, { key, body });
  const rule = await made("/v1/rules", {
    name: `rule ${mark}`,
    event_type: `type.${mark}`,
    message: { to: { path: "data.phone" }, text: { body: `Hi ${mark}` } },
  });
  const endpoint = await made("/v1/endpoints", {
    url: `http://127.0.0.1:9/${mark}`,
    events: ["message.read"],
    description: mark,
  });
  const spare = await made("/v1/keys", { label: `spare ${mark}` });
  const to = `+1555${String(Number(`0x${randomBytes(3).toString("hex")}`) % 10 ** 7).padStart(7, "1")}`;
  const message = await made("/v1/messages", {
    to,
    template: { name: "welcome", language: "en_US", variables: [`Mara ${mark}`] },
    external_ref: mark,
  });
  await reaches(tenant, message.id, ["read"]);
  const { audience_id: audience } = await api<{ audience_id: string }>("POST", "/v1/audiences", {
    key,
    body: { name: `audience ${mark}`, recipients: [{ to, variables: { name: `Mara ${mark}` } }] },
  });
  const { campaign_id: campaign } = await api<{ campaign_id: string }>("POST", "/v1/campaigns", {
    key,
    body: { name: `campaign ${mark}`, audience_id: audience, text: { body: `Hi ${mark}` } },
  });
  const event = `event-${mark}`;
  await api("POST", "/v1/events", {
    key,
    body: { specversion: "1.0", id: event, source: `/${mark}`, type: `other.${mark}`, data: {} },
  });

  const known: Record<string, string> = {
    tenants: tenant.id,
    keys: spare.id,
    sessions: sender.session,
    rules: rule.id,
    endpoints: endpoint.id,
    messages: message.id,
    events: event,
    audiences: audience,
    campaigns: campaign,
  };
  const hints: Hints = {
    session_id: sender.session,
    waba_id: sender.waba,
    phone_number_id: sender.sender,
    account: sender.account,
    audience_id: audience,
    to,
    url: "http://127.0.0.1:9/x",
  };
  const idAt = (before: string) => found.get(before) ?? known[before.split("/").at(-1) ?? ""] ?? undefined;
  // Collections that this file has not heard of: the first thing that the list shows, else one that is made for it.
  const found = new Map<string, string>();
  for (const operation of operations) {
    for (const [, parents] of operation.path.matchAll(/(?=^(.*?)\/\{[^}]+\})/g)) {
      const collection = parents ?? "";
      const name = collection.split("/").at(-1) ?? "";
      if (collection.includes("{") || name in known || name in shared || found.has(collection)) continue;
      const id = await someOf(collection);
      if (id !== undefined) found.set(collection, id);
    }
  }

  async function someOf(collection: string): Promise<string | undefined> {
    const of = (method: string) =>
      operations.find((one) => one.method === method && one.path === collection && one.scope !== null);
    const list = of("GET");
    const listed = list && (await http<{ items?: Thing[] }>("GET", mesh().origin + collection, { key }));
    const first = idOf(collection, listed?.body?.items?.[0]);
    if (typeof first === "string") return first;
    const create = of("POST");
    if (create === undefined) return undefined;
    const call = callOf(create, { hints: { ...hints, name: mark.slice(0, 30) } });
    const answer = await http<Thing>("POST", mesh().origin + call.path, {
      key,
      headers: call.headers,
      body: call.body,
    });
    const made = idOf(collection, answer.body);
    if (answer.status < 300 && typeof made === "string") return made;
    console.warn(
      `${nameOf(create)}: no thing of the owner's was made (${answer.status}); ids there are guesses`,
    );
    return undefined;
  }

  return {
    ...tenant,
    hints,
    idAt,
    marks: [mark, to.slice(1), sender.sender, sender.waba, ...Object.values(known), ...found.values()],
  };
}

type Thing = Readonly<Record<string, unknown>>;

/** `id`, or `redrive_id` of what lies under /v1/redrives. */
function idOf(collection: string, thing: Thing | undefined): unknown {
  const one = collection.split("/").at(-1)?.replace(/s$/, "") ?? "";
  return thing?.id ?? thing?.[`${one}_id`];
}

/** What a made-up or shared id stands for in a path where no real one is known. */
export function sharedAt(before: string): string | undefined {
  return shared[before.split("/").at(-1) ?? ""];
}

/**
 *   agency ─ child, sibling        other agency ─ its child        stranger
 */
export async function family(): Promise<
  Record<"agency" | "child" | "sibling" | "otherAgency" | "stranger", { id: string; key: string }>
> {
  const [agency, otherAgency, stranger] = await Promise.all([
    newTenant("iso-agency", { is_agency: true }),
    newTenant("iso-other", { is_agency: true }),
    newTenant("iso-stranger"),
  ]);
  const [child, sibling] = await Promise.all([
    newTenant("iso-child", { parent: agency.id }),
    newTenant("iso-sibling", { parent: agency.id }),
    newTenant("iso-cousin", { parent: otherAgency.id }),
  ]);
  return { agency, otherAgency, stranger, child, sibling };
}
