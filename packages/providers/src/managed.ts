/** How a call that manages something at a provider ends: sessions, subscriptions, registrations. */

export type Managed<Value> =
  | { kind: "done"; value: Value }
  /** The provider's own no: the same call again is of no use until somebody changes something. */
  | { kind: "refused"; why: Refusal /** the provider's words, no secrets */; detail: string }
  /** It happened or not, or can't be said now. */
  | { kind: "unsure"; detail: string /** the wait that the provider named */; retryAfterMs: number | null };

/** auth: the token. gone: no such thing. plan: what was bought is used up. pin: the number has another PIN. */
export type Refusal = "auth" | "gone" | "plan" | "pin" | "other";
