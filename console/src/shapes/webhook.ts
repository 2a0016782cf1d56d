/** Endpoints and what was delivered to them. */
export type Endpoint = {
  id: string;
  url: string;
  events: readonly string[];
  sessions: readonly string[] | null;
  description: string;
  status: "active" | "disabled";
  disabled_reason: string | null;
  previous_secret_until: string | null;
  created_at: string;
  changed_at: string;
};

export type Attempt = {
  ended_at: string;
  duration_ms: number;
  http_status: number | null;
  error: string | null;
  answer: string | null;
};

export type Delivery = {
  id: string;
  event_type: string;
  message_id: string | null;
  status: "waiting" | "delivered" | "given_up";
  attempts_made: number;
  replayed: boolean;
  next_at: string | null;
  created_at: string;
  last_attempt: Attempt | null;
};

export type WholeDelivery = Delivery & {
  attempts: readonly (Attempt & { attempt: number })[];
  payload: unknown;
};

export type EventType = { type: string; version: number; description: string };

export type Key = {
  id: string;
  label: string;
  scopes: readonly string[];
  state: "active" | "revoked";
  expires_at: string | null;
  created_at: string;
};
