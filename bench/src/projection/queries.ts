/** What the API answers over full tables, as its largest tenant asks: over HTTP, one request after the other. */
import { until } from "@wamesh/testing";
import { patience } from "../dispatch/patience.ts";
import { percentile, rounded } from "../statistics.ts";
import type { ProjectionFigures } from "./figures.ts";
import type { Rig } from "./rig.ts";
import { fillTables, largeTenant } from "./status-rows.ts";

type Sample = { id: string; recipient: string; external_ref: string; first_at: Date };

/** Of each kind a path, about one message of the tenant's. */
const kinds: Record<string, (of: Sample) => string> = {
  "one message": ({ id }) => `messages/${id}`,
  newest: () => "messages",
  recipient: ({ recipient }) => `messages?recipient=${encodeURIComponent(recipient)}`,
  reference: ({ external_ref }) => `messages?external_ref=${external_ref}`,
  failed: () => "messages?status=failed",
  lane: () => "messages?lane=otp",
  "session, before": ({ first_at }) => `messages?session=ses-7&until=${first_at.toISOString()}`,
  "campaign's failed": () => "messages?campaign=cmp-0&status=failed",
  error: () => "messages?error=not_on_whatsapp",
  "rule, before": ({ first_at }) => `messages?rule=rul-3&until=${first_at.toISOString()}`,
  doubts: () => "doubts",
};

export async function queries(rig: Rig): Promise<Partial<ProjectionFigures>> {
  rig.log(`  filling the tables: ${rig.sizes.rows} messages …`);
  const rows = await fillTables(rig.sql, rig.sizes.rows);
  const key = await rig.keyOf(largeTenant);
  const projector = await rig.projector();
  const samples = await rig.sql<Sample[]>`
    select message_id::text as id, recipient, external_ref, first_at from message tablesample system (1)
    where tenant = ${largeTenant} order by md5(message_id::text) limit ${rig.sizes.requests}`;
  const ask = async (path: string) => {
    const begun = performance.now();
    const answer = await fetch(`${projector.url}/v1/status/${path}`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const body = (await answer.json()) as { items?: unknown[] };
    // Before the oldest of them there may be none.
    const isEmpty = body.items?.length === 0 && !path.includes("until=");
    if (!answer.ok || isEmpty) throw new Error(`${path}: ${answer.status}, nothing found`);
    return performance.now() - begun;
  };
  // Its key is on the way to the process.
  await until(() => ask("messages"), patience);
  const all: number[] = [];
  let worst = 0;
  for (const [kind, pathOf] of Object.entries(kinds)) {
    const took: number[] = [];
    for (let n = 0; n < rig.sizes.requests; n++) took.push(await ask(pathOf(samples[n % samples.length]!)));
    const p99 = percentile(took, 0.99);
    rig.log(`  ${kind.padEnd(18)} p99 ${rounded(p99, 1)} ms, median ${rounded(percentile(took, 0.5), 1)} ms`);
    worst = Math.max(worst, p99);
    all.push(...took);
  }
  await projector.stop();
  return {
    query_p99_ms: rounded(percentile(all, 0.99), 1),
    query_worst_p99_ms: rounded(worst, 1),
    status_rows: rows,
  };
}
