import { z } from "@hono/zod-openapi";
import { type ApiRoute, route } from "@wamesh/http";
import { countIntake } from "../count-intake.ts";
import { type DoorDeps, decideFor, messageId, wroteTo } from "../door.ts";
import { admit } from "../limits/admit.ts";
import { laneName, messageRequest } from "../message-request.ts";
import { keyHeader, oncePerKey } from "../once-per-key.ts";
import { refusalProblem } from "../problems.ts";

const endpoint = "/v1/messages";

export function sendMessage(deps: DoorDeps): ApiRoute {
  return route({
    method: "post",
    path: endpoint,
    scope: "messages:write",
    summary: "Send a message",
    description: "Answered once Kafka has the message. What becomes of it: the address in Location.",
    headers: keyHeader,
    body: messageRequest,
    success: {
      status: 202,
      description: "Accepted: it will be sent, or end with a reason.",
      body: z.object({
        id: z.uuid(),
        status: z.literal("accepted"),
        lane: laneName,
        session_id: z.string(),
        not_after: z.iso.datetime(),
      }),
    },
    handle: ({ caller, headers, body, note }) => {
      const request = { caller, endpoint, key: headers["idempotency-key"], body, note };
      return oncePerKey(deps, request, async () => {
        const known = await wroteTo(deps, caller.tenant, [body]);
        const decision = decideFor(deps, caller, body, body.lane, messageId(deps, request, 0), known);
        if (decision.kind === "refused") throw refusalProblem(decision.refusal);
        const { message } = decision;
        const [obstacle] = await admit(deps.limits, caller.tenant, [message]);
        if (obstacle) throw obstacle;
        await deps.producer.send([deps.records.outbound(message)]);
        countIntake([message], "api");
        note({
          message_id: message.message_id,
          session: message.session,
          recipient: message.recipient_token,
        });
        return {
          status: 202,
          location: `/v1/status/messages/${message.message_id}`,
          body: {
            id: message.message_id,
            status: "accepted",
            lane: message.lane,
            session_id: message.session,
            not_after: new Date(message.not_after).toISOString(),
          },
        };
      });
    },
  });
}
