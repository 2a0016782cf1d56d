/** Checks that a webhook is wamesh's and unchanged (Standard Webhooks), and reads it. */
import { Webhook } from "standardwebhooks";

export type WebhookEvent = {
  /** `message.delivered`, `session.status` …; the list is docs/webhook-events.md. */
  type: string;
  version: number;
  /** ISO 8601. */
  timestamp: string;
  data: { tenant: string } & Record<string, unknown>;
};

export type ReadWebhook =
  /** `id` is the same in every repetition: remember it to act once. */
  { kind: "event"; id: string; event: WebhookEvent } | { kind: "refused"; why: string };

/** `body`: the bytes as they came, not parsed and written again. `headers`: names in lower case. Secrets: `whsec_…`, any of them may fit. */
export function readWebhook(
  secrets: string | readonly string[],
  headers: Record<string, string | undefined>,
  body: string,
): ReadWebhook {
  const given = Object.fromEntries(
    ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => [name, headers[name] ?? ""]),
  );
  let why = "no secret was given";
  for (const secret of [secrets].flat()) {
    try {
      new Webhook(secret).verify(body, given);
      return { kind: "event", id: given["webhook-id"]!, event: JSON.parse(body) as WebhookEvent };
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
  }
  return { kind: "refused", why };
}
