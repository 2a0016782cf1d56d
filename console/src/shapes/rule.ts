/** Rules: what an event makes, and what a dry run says of it. */
export type RuleDefinition = {
  name: string;
  event_type: string;
  condition?: string;
  message?: unknown;
  steps?: readonly unknown[];
  cancel_on?: readonly { event_type: string }[];
};

export type Rule = RuleDefinition & {
  id: string;
  version: number;
  state: "active" | "paused";
  created_at: string;
  changed_at: string;
};

export type RuleVersion = RuleDefinition & { version: number; changed_by: string; changed_at: string };

export type DryRun = {
  events: readonly {
    id: string;
    source: string;
    results: readonly {
      step: number | null;
      outcome: string;
      reason: { code: string; detail: string } | null;
      due_at: string | null;
      message: {
        to: string;
        lane: string;
        session_id: string;
        text: string | null;
        template: { name: string; language: string; values: readonly string[] } | null;
      } | null;
    }[];
  }[];
  warnings: readonly { field: string; problem: string; remedy: string }[];
};
