/** What the routes of messages share: the decision about a message, with its facts. */
import type { Caller } from "@wamesh/http";
import type { Producer } from "@wamesh/kafka";
import type { LastSessions, WroteTo } from "./contacts/last-sessions.ts";
import { type Decision, decide, type Lane, type World } from "./decide.ts";
import type { Limits } from "./limits/admit.ts";
import type { MessageRequest } from "./message-request.ts";
import type { OnceDeps } from "./once-per-key.ts";
import { parseRecipient } from "./recipient.ts";
import type { Records } from "./records.ts";

export type DoorDeps = OnceDeps & {
  limits: Limits;
  world: World;
  records: Records;
  /** Resolves when Kafka has all records; rejects with BrokerUnavailable within the request's deadline. */
  producer: Pick<Producer, "send">;
  tokenKey: string;
  lastSessions: LastSessions;
  now: () => number;
  /** An id that sorts by time. */
  newId: () => string;
  /** The same parts always make the same id. */
  derivedId: (...parts: (string | number)[]) => string;
};

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
