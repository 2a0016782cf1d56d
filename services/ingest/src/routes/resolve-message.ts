import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { type CommandDeps, command, commandAnswer, commandIsNoAnswer, messageParams } from "../commands.ts";

export function resolveMessage(deps: CommandDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/messages/{id}/resolution",
    scope: "messages:write",
    summary: "Decide over a message whose outcome is unknown",
    description:
      "For a message that is in_doubt, or ended unconfirmed in the last eight days; on any other it does nothing. resend: it is " +
      "queued again with the next claim, unless a receipt comes first; if the first one left after all, it arrives twice. Once " +
      "per message, and with its time to live anew. accept_unknown: it ends unconfirmed, and what was kept to send it again is " +
      `forgotten; a receipt that comes still shows in its status. ${commandIsNoAnswer}`,
    params: messageParams,
    body: z
      .strictObject({
        decision: z.enum(["resend", "accept_unknown"]),
        reason: z.string().min(1).max(500).optional().describe("Why, for the audit. No personal data."),
      })
      .openapi("Resolution", { example: { decision: "accept_unknown", reason: "asked the customer" } }),
    success: { status: 202, description: "The decision is taken down.", body: commandAnswer },
    handle: ({ caller, params: { id }, body: { decision, reason = null }, note }) => {
      note({ message_id: id, decision });
      return command(deps, caller, { id, kind: decision, reason });
    },
  });
}
