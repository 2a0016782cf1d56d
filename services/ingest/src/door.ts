/** What the routes share: the decision about a message with its facts, and one answer per Idempotency-Key. */
import { z } from "@hono/zod-openapi";
import { fingerprint } from "@wamesh/events";
import { type Caller, problem } from "@wamesh/http";
import type { Producer } from "@wamesh/kafka";
import type { LastSessions, WroteTo } from "./contacts/last-sessions.ts";
import { type Decision, decide, type Lane, type World } from "./decide.ts";
import type { Answer } from "./idempotency.ts";
import type { IdempotencyStore } from "./idempotency-store.ts";
import type { MessageRequest } from "./message-request.ts";
import { parseRecipient } from "./recipient.ts";
import type { Records } from "./records.ts";

export type DoorDeps = {
  world: World;
  records: Records;
  /** Resolves when Kafka has all records; rejects with BrokerUnavailable within the request's deadline. */
  producer: Pick<Producer, "send">;
  idempotency: IdempotencyStore;
  tokenKey: string;
  lastSessions: LastSessions;
  now: () => number;
  /** An id that sorts by time. */
  newId: () => string;
  /** The same parts always make the same id. */
  derivedId: (...parts: (string | number)[]) => string;
};

export const keyHeader = z.object({
  "idempotency-key": z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      "Of your own choice. A repeat with the same key within 24 hours gets the first answer and sends nothing.",
    ),
});

/** Id of the message at this position of the body; the same for every repeat with the same key. */
export function messageId(
  deps: DoorDeps,
  request: { caller: Caller; endpoint: string; key: string | undefined },
  position: number,
): string {
  const { caller, endpoint, key } = request;
  return key === undefined ? deps.newId() : deps.derivedId(caller.tenant, endpoint, key, position);
}

/** Which sessions the recipients of these messages wrote to; asked for those only whose session is a choice. */
export function wroteTo(
  deps: Pick<DoorDeps, "world" | "lastSessions">,
  tenant: string,
  requests: readonly Pick<MessageRequest, "to" | "session_id" | "pool">[],
): Promise<WroteTo> {
  const recipients = requests.flatMap(({ to, session_id, pool = "default" }) => {
    if (session_id !== undefined || deps.world.sessionsInPool(tenant, pool).length < 2) return [];
    const parsed = parseRecipient(to);
    return parsed.kind === "parsed" ? [parsed.recipient] : [];
  });
  return deps.lastSessions(tenant, recipients);
}

export function decideFor(
  deps: DoorDeps,
  caller: Caller,
  request: MessageRequest,
  lane: Lane | undefined,
  id: string,
  wroteTo: WroteTo,
): Decision {
  const { tenant } = caller;
  const { tokenKey } = deps;
  const facts = { tenant, messageId: id, acceptedAtMs: deps.now(), tokenKey, origin: null, wroteTo };
  return decide(request, lane, facts, deps.world);
}

type Note = (facts: Record<string, string | number | boolean | null>) => void;

/**
 * Runs `work` once per key. Only a 202 is kept: after a refusal or an outage the key is free, so that the corrected or
 * repeated request runs. Redis away: it runs too, see idempotency-store.ts.
 */
export async function oncePerKey(
  deps: DoorDeps,
  request: { caller: Caller; endpoint: string; key: string | undefined; body: unknown; note: Note },
  work: () => Promise<Answer>,
): Promise<Response> {
  const { caller, endpoint, key } = request;
  if (key === undefined) return respond(await work(), false);
  const hold = await deps.idempotency.begin({
    tenant: caller.tenant,
    endpoint,
    key,
    fingerprint: fingerprint(request.body),
  });
  switch (hold.met.kind) {
    case "replay":
      request.note({ replayed: true });
      return respond(hold.met.answer, true);
    case "in_progress":
      throw problem("idempotency_in_progress", { retryAfterS: 1 });
    case "reused":
      throw problem("idempotency_key_reused", {
        errors: [
          {
            field: "Idempotency-Key",
            problem: "was used with another body",
            remedy: "Use a new key for a new request.",
          },
        ],
      });
    case "unprotected":
      request.note({ idempotency: hold.met.why });
      return respond(await work(), false);
    case "first": {
      let answer: Answer | null = null;
      try {
        answer = await work();
        return respond(answer, false);
      } finally {
        await hold.finish(answer);
      }
    }
  }
}

function respond({ status, body, location }: Answer, replayed: boolean): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      "content-type": "application/json",
      ...(location !== null && { location }),
      ...(replayed && { "idempotent-replayed": "true" }),
    },
  });
}
