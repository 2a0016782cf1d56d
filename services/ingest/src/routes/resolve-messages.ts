import { z } from "@hono/zod-openapi";
import { type ApiRoute, describeProblem, problem, problemDocument, route } from "@wamesh/http";
import { type CommandDeps, commandIsNoAnswer, commandRecords } from "../commands.ts";

const most = 1_000;
const messageId = z.uuid().toLowerCase();

const result = z.union([
  z.object({ message_id: z.string(), accepted: z.literal(true), command_id: z.uuid() }),
  z.object({ message_id: z.string(), accepted: z.literal(false), problem: problemDocument }),
]);

export function resolveMessages(deps: CommandDeps): ApiRoute {
  return route({
    method: "post",
    path: "/v1/resolutions",
    scope: "messages:write",
    summary: "Decide over many messages whose outcome is unknown",
    description:
      "The same as POST /v1/messages/{id}/resolution for each of them, with an audit entry each. " +
      `GET /v1/status/doubts lists whom it may be about. ${commandIsNoAnswer}`,
    body: z
      .strictObject({
        message_ids: z.array(z.string().min(1).max(64)).min(1).max(most),
        decision: z.enum(["resend", "accept_unknown"]),
        reason: z.string().min(1).max(500).optional().describe("Why, for the audit. No personal data."),
      })
      .openapi("Resolutions", {
        example: { message_ids: ["018f0000-0000-7000-8000-000000000001"], decision: "accept_unknown" },
      }),
    success: {
      status: 202,
      description: "What is accepted is taken down.",
      body: z.object({ items: z.array(result) }),
    },
    handle: async ({ caller, body: { message_ids, decision: kind, reason = null }, note }) => {
      const requestedAt = deps.now();
      const read = message_ids.map((text) => ({ text, id: messageId.safeParse(text).data ?? null }));
      // Named twice it is one decision, and one audit entry.
      const ids = new Set(read.flatMap(({ id }) => (id === null ? [] : [id])));
      const decided = new Map(
        [...ids].map((id) => [id, commandRecords(deps, caller, { id, kind, reason }, requestedAt)]),
      );
      note({ decision: kind, messages: decided.size });
      await deps.producer.send([...decided.values()].flatMap(({ records }) => records));
      return {
        body: {
          items: read.map(({ text, id }, i) =>
            id === null
              ? { message_id: text, accepted: false as const, problem: notAnId(i) }
              : { message_id: id, accepted: true as const, command_id: decided.get(id)!.commandId },
          ),
        },
      };
    },
  });
}

function notAnId(index: number) {
  const error = {
    field: `message_ids.${index}`,
    problem: "is no message id",
    remedy: "Send the id of its 202.",
  };
  return describeProblem(problem("not_found", { errors: [error] }));
}
