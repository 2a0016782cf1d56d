/** A wish to mark a received message as read: whether it may enter, and its records. Pure. */
import type { AuditEntry, OutboundCommand } from "@wamesh/events";
import type { Caller } from "@wamesh/http";
import { type Member, unknownSession } from "./choose-session.ts";
import type { DoorDeps } from "./door.ts";
import type { TenantRecord } from "./records.ts";
import type { Refusal } from "./refusal.ts";

export type ReadMarkRequest = {
  session_id: string;
  provider_id: string;
  chat?: string | undefined;
  typing: boolean;
};

export function readMarkObstacle(
  { chat, typing }: ReadMarkRequest,
  session: Member | undefined,
  tenant: string,
): Refusal | null {
  if (session === undefined || session.tenant !== tenant || session.status === "deleted")
    return unknownSession;
  if (session.provider === "wasender" && chat === undefined)
    return {
      code: "invalid_body",
      field: "chat",
      problem: "WasenderApi names a message by its id and its chat.",
      remedy: "Give the chat's address as the message's callback wrote it (remoteJid).",
    };
  if (session.provider !== "cloud_api" && typing)
    return {
      code: "not_supported",
      field: "typing",
      problem: "Only the Cloud API can show that somebody is writing.",
      remedy: "Leave typing out.",
    };
  return null;
}

/** One id for every repeat, so that a record which is read twice is known. The audit leaves the message's id out: it may hold a number. */
export function readMarkRecords(
  deps: Pick<DoorDeps, "records" | "now" | "newId" | "derivedId">,
  caller: Caller,
  request: ReadMarkRequest,
  { session, account }: Pick<Member, "session" | "account">,
): { command: OutboundCommand; records: TenantRecord[] } {
  const { tenant, keyId, actorTenant } = caller;
  const requestedAt = deps.now();
  const command: OutboundCommand = {
    command_id: deps.derivedId("command", tenant, session, request.provider_id, "read"),
    tenant,
    message_id: request.provider_id,
    kind: "read",
    requested_by: keyId,
    reason: null,
    requested_at: requestedAt,
    read_mark: { session, chat: request.chat ?? null, typing: request.typing },
  };
  const entry: AuditEntry = {
    event_id: deps.newId(),
    tenant,
    service: "ingest",
    actor_tenant: actorTenant,
    actor_key: keyId,
    action: "session.read_mark_requested",
    object_kind: "session",
    object_id: session,
    detail: JSON.stringify({ command_id: command.command_id }),
    occurred_at: requestedAt,
  };
  return {
    command,
    records: [deps.records.readMark(command, { session, account }), deps.records.audit(entry)],
  };
}
