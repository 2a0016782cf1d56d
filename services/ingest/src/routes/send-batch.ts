import { z } from "@hono/zod-openapi";
import type { OutboundMessage } from "@wamesh/events";
import { type ApiRoute, describeProblem, type Problem, problem, problemDocument, route } from "@wamesh/http";
import { countIntake } from "../count-intake.ts";
import { laneOf } from "../decide.ts";
import { type DoorDeps, decideFor, messageId, wroteTo } from "../door.ts";
import { admit } from "../limits/admit.ts";
import { messageRequest } from "../message-request.ts";
import { keyHeader, oncePerKey } from "../once-per-key.ts";
import { placedProblem, refusalProblem, shapeProblem } from "../problems.ts";

const endpoint = "/v1/messages/batch";
const largestBatch = 1000;

/** Items are judged one by one, so here each may be anything. */
const body = z
  .strictObject({
    messages: z
      .array(z.unknown())
      .min(1)
      .openapi({ type: "array", maxItems: largestBatch, items: { $ref: "#/components/schemas/Message" } }),
  })
  .openapi({
    example: {
      messages: [
        { to: "+15551234567", template: { name: "welcome", language: "en_US", variables: ["Mara"] } },
        { to: "+15551234568", template: { name: "welcome", language: "en_US", variables: ["Ada"] } },
      ],
    },
  });

const result = z.union([
  z.object({ index: z.int(), id: z.uuid(), status: z.literal("accepted") }),
  z.object({ index: z.int(), status: z.literal("refused"), problem: problemDocument }),
]);

export function sendBatch(deps: DoorDeps): ApiRoute {
  return route({
    method: "post",
    path: endpoint,
    scope: "messages:write",
    summary: "Send up to 1,000 messages",
    description: "Each is accepted or refused for itself. More than 100 at once travel on the bulk lane.",
    maxBodyBytes: 4 * 1024 * 1024,
    headers: keyHeader,
    body,
    success: {
      status: 202,
      description: "At least one was accepted.",
      body: z.object({ accepted: z.int(), refused: z.int(), results: z.array(result) }),
    },
    handle: ({ caller, headers, body: { messages }, note }) => {
      if (messages.length > largestBatch)
        throw problem("batch_too_large", {
          detail: `The batch has ${messages.length} messages.`,
          errors: [
            {
              field: "messages",
              problem: `has more than ${largestBatch} items`,
              remedy: `Send at most ${largestBatch} at once.`,
            },
          ],
        });
      const request = { caller, endpoint, key: headers["idempotency-key"], body: messages, note };
      return oncePerKey(deps, request, async () => {
        const read = messages.map((item) => messageRequest.safeParse(item));
        const known = await wroteTo(
          deps,
          caller.tenant,
          read.flatMap((one) => (one.success ? [one.data] : [])),
        );
        const judged = read.map((parsed, index): Decided => {
          const at = `messages.${index}.`;
          if (!parsed.success)
            return { kind: "refused", problem: shapeProblem(parsed.error, at, "invalid_body") };
          const lane = laneOf(parsed.data.lane, messages.length);
          const id = messageId(deps, request, index);
          const decision = decideFor(deps, caller, parsed.data, lane, id, known);
          return decision.kind === "accepted"
            ? decision
            : { kind: "refused", problem: refusalProblem(decision.refusal, at) };
        });
        const admitted = judged.flatMap((one) => (one.kind === "accepted" ? [one.message] : []));
        const obstacles = await admit(deps.limits, caller.tenant, admitted);
        const decided = judged.map((one, index): Decided => {
          const obstacle = one.kind === "accepted" ? obstacles[admitted.indexOf(one.message)] : null;
          return obstacle ? { kind: "refused", problem: placedProblem(obstacle, `messages.${index}.`) } : one;
        });
        const accepted = decided.flatMap((one) => (one.kind === "accepted" ? [one.message] : []));
        const refused = decided.flatMap((one) => (one.kind === "refused" ? [one.problem] : []));
        note({ accepted: accepted.length, refused: refused.length });
        if (accepted.length === 0) throw allRefused(refused);
        await deps.producer.send(accepted.map((message) => deps.records.outbound(message)));
        countIntake(accepted, "api");
        return {
          status: 202,
          location: null,
          body: {
            accepted: accepted.length,
            refused: refused.length,
            results: decided.map((one, index) =>
              one.kind === "accepted"
                ? { index, id: one.message.message_id, status: "accepted" }
                : { index, status: "refused", problem: describeProblem(one.problem) },
            ),
          },
        };
      });
    },
  });
}

/** One problem for all: a limit alone is something to wait for, anything else to be corrected. */
function allRefused(refused: readonly Problem[]): Problem {
  const errors = refused.flatMap((one) => one.facts.errors ?? []).slice(0, 50);
  if (!refused.every(({ code }) => code === "otp_limit")) return problem("batch_refused", { errors });
  const retryAfterS = Math.max(...refused.map((one) => one.facts.retryAfterS ?? 0));
  return problem("otp_limit", { errors, retryAfterS });
}

type Decided = { kind: "accepted"; message: OutboundMessage } | { kind: "refused"; problem: Problem };
