import { z } from "@hono/zod-openapi";
import type { DomainEvent } from "@wamesh/events";
import { type ApiRoute, describeProblem, type Problem, problem, problemDocument, route } from "@wamesh/http";
import type { DoorDeps } from "../door.ts";
import { binaryEvent } from "../events/binary-event.ts";
import { cloudEvent, domainEventOf } from "../events/cloud-event.ts";
import { shapeProblem } from "../problems.ts";

const largestBatch = 1000;

const result = z.union([
  z.object({ id: z.string(), status: z.literal("accepted") }),
  z.object({ index: z.int(), status: z.literal("refused"), problem: problemDocument }),
]);

const attribute = z.string().optional();
const binaryHeaders = z.looseObject({
  "ce-specversion": attribute.describe("Binary mode: 1.0. The body is then the event's data."),
  "ce-id": attribute,
  "ce-source": attribute,
  "ce-type": attribute,
  "ce-subject": attribute,
  "ce-time": attribute,
});

/** No Idempotency-Key: source and id of a CloudEvent are one already, and a repeat makes the same messages. */
export function sendEvents(deps: Pick<DoorDeps, "records" | "producer" | "now">): ApiRoute {
  return route({
    method: "post",
    path: "/v1/events",
    scope: "events:write",
    summary: "Tell of domain events",
    description:
      "CloudEvents 1.0 in JSON: one (application/cloudevents+json), a list of up to 1,000 (application/cloudevents-batch+json; each " +
      "with a result of its own), or in binary mode (attributes as headers ce-…, the data as body). Your rules turn them into messages; what became of one is " +
      "told by GET /v1/status/events/{id}. The same source and id again is the same event.",
    headers: binaryHeaders,
    maxBodyBytes: 4 * 1024 * 1024,
    mediaTypes: ["application/cloudevents+json", "application/cloudevents-batch+json"],
    // Read item by item, so that a malformed one is named as such and its neighbours are taken.
    body: z.unknown().openapi({
      type: ["object", "array"],
      additionalProperties: true,
      description: "A CloudEvent, or a list of them.",
      example: {
        specversion: "1.0",
        id: "7f3c",
        source: "/crm",
        type: "user_onboarded",
        data: { phone: "+15551234567", first_name: "Mara" },
      },
    }),
    success: {
      status: 202,
      description: "At least one was accepted.",
      body: z.object({ results: z.array(result) }),
    },
    handle: async ({ caller, headers, body: sent, note }) => {
      const binary = binaryEvent(headers, sent);
      const body = binary ?? sent;
      checkMode(headers["content-type"], body);
      const items: readonly unknown[] = Array.isArray(body) ? body : [body];
      if (items.length > largestBatch)
        throw problem("batch_too_large", {
          detail: `The batch has ${items.length} events.`,
          errors: [
            {
              field: "(all of it)",
              problem: `has more than ${largestBatch} items`,
              remedy: `Send at most ${largestBatch} at once.`,
            },
          ],
        });
      const nowMs = deps.now();
      const read = items.map((item, index) =>
        readEvent(
          item,
          Array.isArray(body) ? `${index}.` : binary === null ? "" : "ce-",
          caller.tenant,
          nowMs,
        ),
      );
      const accepted = read.flatMap((one) => (one.kind === "accepted" ? [one.event] : []));
      const refused = read.flatMap((one) => (one.kind === "refused" ? [one.problem] : []));
      note({ accepted: accepted.length, refused: refused.length });
      if (accepted.length === 0) throw (refused.length === 1 && refused[0]) || emptyOrAllRefused(refused);
      await deps.producer.send(accepted.map((event) => deps.records.domainEvent(event)));
      return {
        body: {
          results: read.map((one, index) =>
            one.kind === "accepted"
              ? { id: one.event.event_id, status: "accepted" as const }
              : { index, status: "refused" as const, problem: describeProblem(one.problem) },
          ),
        },
      };
    },
  });
}

type Read = { kind: "accepted"; event: DomainEvent } | { kind: "refused"; problem: Problem };

/** A content type that names its mode means it. */
function checkMode(contentType: unknown, body: unknown): void {
  const isBatch = /^application\/cloudevents-batch\+json/i.test(String(contentType));
  const isSingle = /^application\/cloudevents\+json/i.test(String(contentType));
  if ((isBatch && !Array.isArray(body)) || (isSingle && Array.isArray(body)))
    throw problem("malformed_cloudevent", {
      errors: [
        {
          field: "(all of it)",
          problem: isBatch ? "is not a list" : "is a list",
          remedy: `Send it as ${isBatch ? "application/cloudevents+json" : "application/cloudevents-batch+json"}.`,
        },
      ],
    });
}

function readEvent(item: unknown, at: string, tenant: string, nowMs: number): Read {
  const parsed = cloudEvent.safeParse(item);
  if (!parsed.success)
    return { kind: "refused", problem: shapeProblem(parsed.error, at, "malformed_cloudevent") };
  return { kind: "accepted", event: domainEventOf(parsed.data, tenant, nowMs) };
}

function emptyOrAllRefused(refused: readonly Problem[]): Problem {
  if (refused.length === 0)
    return problem("malformed_cloudevent", {
      detail: "The list is empty.",
      errors: [{ field: "(all of it)", problem: "has no event", remedy: "Send at least one." }],
    });
  return problem("batch_refused", { errors: refused.flatMap((one) => one.facts.errors ?? []).slice(0, 50) });
}
