/**
 * Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07, as of 2026-11): one answer per key. For every POST that makes
 * something and has no name for it of its own: `headers: keyHeader`, and `oncePerKey` around the work.
 */
import { z } from "@hono/zod-openapi";
import { fingerprint } from "@wamesh/events";
import { type Caller, problem } from "@wamesh/http";
import type { Answer } from "./idempotency.ts";
import { readKey } from "./idempotency-key.ts";
import type { IdempotencyStore } from "./idempotency-store.ts";

export type OnceDeps = { idempotency: IdempotencyStore };

export const keyHeader = z.object({
  "idempotency-key": z
    .string()
    .transform((text, context) => {
      const key = readKey(text);
      if (key !== null) return key;
      context.addIssue({
        code: "custom",
        message: "is not a quoted string of 1 to 255 characters",
        params: {
          remedy: 'Send one, for example "8e03978e-40d5-43e8-bc93-6894a57f9324", in quotes or bare.',
        },
      });
      return z.NEVER;
    })
    .optional()
    .openapi({ type: "string", maxLength: 512, example: '"8e03978e-40d5-43e8-bc93-6894a57f9324"' })
    .describe(
      "Of your own choice, a quoted string of 1 to 255 characters. A repeat with the same key within 24 hours gets the first " +
        "answer and makes nothing; 409 while the first is under way, 422 with another body.",
    ),
});

type Note = (facts: Record<string, string | number | boolean | null>) => void;

/**
 * Runs `work` once per key. Only a success is kept: after a refusal or an outage the key is free, so that the corrected or
 * repeated request runs. Redis away: it runs too (see idempotency-store.ts), so `work` names what it makes by the key.
 */
export async function oncePerKey(
  deps: OnceDeps,
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
