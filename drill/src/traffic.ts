/** One round's messages, by seed: what is asked for, when, and by whom. The plan is pure; `send` carries it out. */
import { setTimeout as delay } from "node:timers/promises";
import type { Accepted, Lane } from "./ledgers.ts";
import type { Tenant } from "./world.ts";

type Planned = { to: string; ref: string; lane: Lane };
export type Request = {
  atMs: number;
  tenant: Tenant;
  key: string;
  lane: Lane;
  messages: Planned[];
  repeated: boolean;
};

/** Requests come over this time. */
export const trafficMs = 12_000;
const least = 300;
const most = 500;

export function planTraffic(random: () => number, round: number, tenants: readonly Tenant[]): Request[] {
  const total = least + Math.floor(random() * (most - least));
  let serial = 0;
  return tenants.flatMap((tenant, t) => {
    const count = Math.round(total * tenant.share);
    // A few people hear often, so that there are conversations whose order can be seen.
    const people = Math.max(4, Math.round(count / 4));
    const person = () =>
      `+1555${t + 1}${String(round % 100).padStart(2, "0")}${String(Math.floor(random() * people)).padStart(4, "0")}`;
    const request = (lane: Lane, atMs: number, size: number): Request => ({
      atMs,
      tenant,
      lane,
      key: `drill-${round}-${tenant.id}-${++serial}`,
      // A client that is not sure asks again with the same key.
      repeated: random() < 0.15,
      messages: Array.from({ length: size }, () => ({
        to: person(),
        lane,
        ref: `drill-${round}-${++serial}`,
      })),
    });
    const otps = Math.round(count * 0.1);
    const bulk = Math.round(count * 0.4);
    const requests = [
      request("bulk", 0, Math.ceil(bulk / 2)),
      request("bulk", trafficMs * 0.4, Math.floor(bulk / 2)),
      ...Array.from({ length: otps }, () => request("otp", random() * trafficMs, 1)),
    ];
    for (let rest = count - otps - bulk; rest > 0; ) {
      const size = Math.min(rest, 4 + Math.floor(random() * 6));
      requests.push(request("standard", random() * trafficMs, size));
      rest -= size;
    }
    return requests;
  });
}

export type Refusal = { request: string; words: string };

export type Note = { accepted(message: Accepted): void; refused(refusal: Refusal): void };

/** Hands everything in at its time. What is answered 202 is noted at once, so that a fault sees who waits. */
export async function send(requests: readonly Request[], note: Note): Promise<void> {
  await Promise.all(
    requests.map(async (request) => {
      await delay(request.atMs);
      await hand(request, note);
      if (request.repeated) await hand(request, note);
    }),
  );
}

export async function hand(
  { tenant, key, lane, messages }: Omit<Request, "atMs" | "repeated">,
  note: Note,
): Promise<void> {
  const doubtPolicy = lane === "standard" ? tenant.doubtPolicy : "fail_unknown";
  const body = {
    messages: messages.map(({ to, ref }) => ({
      to,
      lane,
      doubt_policy: doubtPolicy,
      external_ref: ref,
      ...(tenant.provider === "cloud_api"
        ? { template: { name: "welcome", language: "en_US", variables: [ref] } }
        : { text: { body: `Hello, this is for you. #${ref}` } }),
    })),
  };
  try {
    const { results } = await tenant.api.call<{ results: { id: string }[] }>(
      "POST",
      "/v1/messages/batch",
      body,
      {
        "idempotency-key": key,
      },
    );
    const acceptedAt = Date.now();
    for (const [i, { to }] of messages.entries())
      note.accepted({
        id: (results[i] as { id: string }).id,
        request: `${key}/${i}`,
        tenant: tenant.id,
        lane,
        to,
        doubtPolicy,
        acceptedAt,
      });
  } catch (error) {
    note.refused({ request: key, words: error instanceof Error ? error.message : String(error) });
  }
}
