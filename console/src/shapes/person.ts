/** What people wrote, and what they want. */
export type Inbound = {
  id: string;
  session_id: string;
  from: { kind: string; value: string };
  from_name: string | null;
  group: string | null;
  kind: string;
  text: string | null;
  media: { mime_type: string | null; bytes: number | null; file_name: string | null; voice: boolean } | null;
  preference: { scope: string; opted_out: boolean } | null;
  answers_message_id: string | null;
  window_closes_at: string | null;
  occurred_at: string;
};

export type ConsentScope = "marketing" | "all";

export type Consent = {
  scope: ConsentScope;
  opted_out: boolean;
  source: "api" | "stop_word" | "start_word" | "provider";
  proof: string;
  occurred_at: string;
  changed_at: string;
  version: number;
};

export type Contact = {
  sessions: readonly {
    session_id: string;
    last_inbound_at: string;
    window_closes_at: string | null;
    window_left_s: number | null;
  }[];
  consent: readonly Consent[];
};
