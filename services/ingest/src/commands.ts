/** A person's decision about one message, into the log: the dispatcher finds out whether it can still have an effect. */
import { z } from "@hono/zod-openapi";
import type { AuditEntry, CommandKind } from "@wamesh/events";
import type { Caller, RouteAnswer } from "@wamesh/http";
import type { DoorDeps } from "./door.ts";
import type { TenantRecord } from "./records.ts";

export type CommandDeps = Pick<DoorDeps, "records" | "producer" | "now" | "newId" | "derivedId">;

export const messageParams = z.strictObject({ id: z.uuid().toLowerCase() });

export const commandAnswer = z
  .object({
    id: z.uuid().describe("The message."),
    command: z.object({
      id: z.uuid().describe("The same for every repeat of this decision."),
      kind: z.enum(["cancel", "resend", "accept_unknown"]),
      requested_at: z.iso.datetime(),
    }),
  })
  .openapi("Command");

/** What all decisions have in common, for the descriptions of their routes. */
export const commandIsNoAnswer =
  "Answered once Kafka has the decision; what comes of it is told by the status, at the address in Location. It may come " +
  "before its message. A repeat is the same decision. For an id that is not yours, or that nobody has, the answer is the " +
  "same 202, and nothing happens.";

export type Wish = { id: string; kind: Exclude<CommandKind, "UNKNOWN" | "read">; reason: string | null };

/** The audit entry goes with it: both are in the log, or the caller is told that it is not known. */
export async function command(
  deps: CommandDeps,
  caller: Caller,
  wish: Wish,
): Promise<Exclude<RouteAnswer<typeof commandAnswer>, Response>> {
  const { id, kind } = wish;
  const requestedAt = deps.now();
  const { commandId, records } = commandRecords(deps, caller, wish, requestedAt);
  await deps.producer.send(records);
  return {
    body: { id, command: { id: commandId, kind, requested_at: new Date(requestedAt).toISOString() } },
    headers: { location: `/v1/status/messages/${id}` },
  };
}

/** The decision, wherever its message may lie, and its audit entry. */
export function commandRecords(
  deps: Omit<CommandDeps, "producer">,
  caller: Caller,
  { id, kind, reason }: Wish,
  requestedAt: number,
): { commandId: string; records: TenantRecord[] } {
  const commandId = deps.derivedId("command", caller.tenant, id, kind);
  const entry: AuditEntry = {
    event_id: deps.newId(),
    tenant: caller.tenant,
    service: "ingest",
    actor_tenant: caller.actorTenant,
    actor_key: caller.keyId,
    action: `message.${kind}_requested`,
    object_kind: "message",
    object_id: id,
    detail: JSON.stringify({ command_id: commandId, reason }),
    occurred_at: requestedAt,
  };
  const records = [
    ...deps.records.command({
      command_id: commandId,
      tenant: caller.tenant,
      message_id: id,
      kind,
      requested_by: caller.keyId,
      reason,
      requested_at: requestedAt,
      read_mark: null,
    }),
    deps.records.audit(entry),
  ];
  return { commandId, records };
}
