import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { providerMessageId } from "../content-request.ts";
import type { DoorDeps } from "../door.ts";
import { refusalProblem } from "../problems.ts";
import { readMarkObstacle, readMarkRecords } from "../read-mark.ts";

export function markRead(deps: DoorDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/messages/read",
    scope: "messages:write",
    summary: "Mark a received message as read",
    description:
      "Shows the person that their message was read; on the Cloud API also what they wrote before it, and with `typing` that " +
      "an answer is being written (until the next message, or for 25 s). Answered once Kafka has the wish. It is carried out at " +
      "most once, beside the messages and never in their place: a session marks no more than its provider bears (Cloud API 120, " +
      "WasenderApi 20 a minute), and what could not be carried out within ten minutes, or while the session was not connected, is dropped. A " +
      "repeat is harmless. That a provider refuses is told by a session event, `other` with the value `read_mark_refused`.",
    body: z
      .strictObject({
        session_id: z.string().min(1).max(64).describe("The session that the message came to."),
        provider_id: providerMessageId.describe("The provider's id of the message, as its record has it."),
        chat: z
          .string()
          .regex(/^[^\s@]{1,128}@[a-z.]{1,32}$/, "an address like 15550001111@s.whatsapp.net")
          .optional()
          .describe("WasenderApi, required there: the chat as its callback wrote it (`remoteJid`)."),
        typing: z.boolean().default(false).describe("Cloud API only."),
      })
      .openapi("ReadMark", {
        example: { session_id: "ses_example", provider_id: "wamid.HBgLMTU1NTAwMDExMTE", typing: true },
      }),
    success: {
      status: 202,
      description: "The wish is taken down.",
      body: z
        .object({
          id: z.uuid().describe("The same for every wish about this message."),
          session_id: z.string(),
          requested_at: z.iso.datetime(),
        })
        .openapi("ReadMarkTaken"),
    },
    handle: async ({ caller, body, note }) => {
      note({ session_id: body.session_id });
      const session = deps.world.session(body.session_id);
      const obstacle = readMarkObstacle(body, session, caller.tenant);
      if (obstacle !== null) throw refusalProblem(obstacle);
      const { command, records } = readMarkRecords(deps, caller, body, session!);
      await deps.producer.send(records);
      return {
        body: {
          id: command.command_id,
          session_id: body.session_id,
          requested_at: new Date(command.requested_at).toISOString(),
        },
      };
    },
  });
}
