/** The simulator as a program outside the mesh meets it: its control API, and its ledger as the independent witness. */

export type LedgerTotals = { received: number; duplicates: number; rate_violations: number };

export type LedgerMessage = {
  id: string;
  ref: string | null;
  sender: string;
  recipient: string;
  /** Requests with this id, and those among them after which the message was on its way. */
  requests: number;
  accepted: number;
  received_at_ms: number | null;
  outcome: string;
  callbacks: Record<"sent_at_ms" | "delivered_at_ms" | "read_at_ms" | "failed_at_ms", number | null>;
};

export type Violation = {
  at_ms: number;
  sender: string;
  recipient: string | null;
  kind: string;
  early_by_ms: number;
};

/** A call of the simulator's API; an Error with its words unless 2xx. */
export async function askSimulator<Answer>(
  simulator: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(simulator + path, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`the simulator answered ${method} ${path} with ${response.status}: ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

/** `max_lag_ms`: how long the simulator looked away at worst, and how blunt its judgement of pace was then. */
export function ledgerTotals(
  simulator: string,
): Promise<LedgerTotals & { callbacks_pending: number; max_lag_ms: number }> {
  return askSimulator(simulator, "GET", "/_sim/ledger");
}

/** Sends above a rate; the simulator keeps the first thousand. */
export async function listViolations(simulator: string): Promise<Violation[]> {
  const { violations } = await askSimulator<{ violations: Violation[] }>(
    simulator,
    "GET",
    "/_sim/ledger/violations",
  );
  return violations;
}

export function violationInWords(row: Violation): string {
  return `${new Date(row.at_ms).toISOString()} ${row.sender}: ${row.kind}, ${row.early_by_ms} ms too early`;
}

/**
 * A reader of every message the simulator saw, oldest first. Each call reads only what is new, so that watching a long run
 * costs no more at its end than at its beginning.
 */
export function openLedger(simulator: string): () => Promise<readonly LedgerMessage[]> {
  const all: LedgerMessage[] = [];
  let cursor = 0;
  return async () => {
    for (;;) {
      const page = await askSimulator<{
        messages: (LedgerMessage & { seq: number })[];
        next_cursor: number | null;
      }>(simulator, "GET", `/_sim/ledger/messages?cursor=${cursor}&limit=2000`);
      all.push(...page.messages);
      const last = page.messages.at(-1);
      if (last !== undefined) cursor = last.seq + 1;
      if (page.next_cursor === null) return all;
    }
  };
}
