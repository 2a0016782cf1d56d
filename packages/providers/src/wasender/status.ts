/** WhatsApp's delivery states, as numbers or as the SDK's words. */
export type WasenderStatus = "failed" | "pending" | "sent" | "delivered" | "read" | "played";

const states: Record<string, WasenderStatus> = {
  "0": "failed",
  error: "failed",
  failed: "failed",
  "1": "pending",
  pending: "pending",
  "2": "sent",
  sent: "sent",
  server_ack: "sent",
  "3": "delivered",
  delivered: "delivered",
  delivery_ack: "delivered",
  "4": "read",
  read: "read",
  "5": "played",
  played: "played",
};

/** null for what is no known state. */
export function statusOf(value: string | null): WasenderStatus | null {
  const name = value?.trim().toLowerCase() ?? "";
  return Object.hasOwn(states, name) ? states[name]! : null;
}
