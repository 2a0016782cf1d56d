/** Works redrives off at their pace, one process at a time: each second the next letters of each, sent anew as new messages. */
import type { Codec, DeadLetter, OutboundMessage } from "@wamesh/events";
import type { Place, Producer, Reader } from "@wamesh/kafka";
import { enqueue, keepLease, type Sql, type Tx, withTenants } from "@wamesh/store";
import { countIntake } from "../count-intake.ts";
import type { Lane, World } from "../decide.ts";
import type { QueueQuota } from "../limits/queue-quota.ts";
import type { Records } from "../records.ts";
import { auditOf } from "./audit.ts";
import { messageOf } from "./letter.ts";
import { forgetLetters, markSent, nextLetters, releaseLetters, type TakenLetter } from "./letters-store.ts";
import { sendAnew } from "./send-anew.ts";
import { lockRedrive, type Redrive, runningRedrives, saveProgress } from "./store.ts";

export type RedriveWorkDeps = {
  sql: Sql;
  codec: Codec;
  reader: Pick<Reader<DeadLetter>, "read">;
  producer: Pick<Producer, "send">;
  records: Pick<Records, "outbound" | "audit">;
  world: World;
  quota: Pick<QueueQuota, "room" | "enter">;
  tokenKey: string;
  now: () => number;
  newId: () => string;
};

/** As long as records stay in wa.dead. */
const keptMs = 30 * 24 * 3600 * 1000;
const tickMs = 1_000;
const forgetEveryMs = 3_600_000;
const leaseMs = 20_000;
/** A tick that is begun ends within this time, or its lease could be another's. */
const tickTakesMs = 12_000;

/** One second's worth of every redrive that runs. Returns how many letters were sent anew. */
export async function redriveOnce(deps: RedriveWorkDeps, mayGoOn = () => true): Promise<number> {
  const running = await withTenants(deps.sql, "all", runningRedrives);
  let sent = 0;
  const failures: unknown[] = [];
  for (const { tenant, id } of running) {
    if (!mayGoOn()) break;
    try {
      sent += await withTenants(deps.sql, [tenant], (tx) => workOff(deps, tx, tenant, id));
    } catch (error) {
      // One that fails must not hold up the others.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return sent;
}

/**
 * Killed between Kafka's ack and the commit, the same letters are taken again: the ids of their messages follow from the
 * letters, and the dispatcher takes each once. Broker away: nothing is committed, and the next tick tries again.
 */
async function workOff(deps: RedriveWorkDeps, tx: Tx, tenant: string, id: string): Promise<number> {
  const redrive = await lockRedrive(tx, tenant, id);
  if (redrive?.state !== "running") return 0;
  const room = Math.min(redrive.rate_per_s, deps.quota.room(tenant, "standard"));
  // No room in the queue: it waits.
  if (room === 0) return 0;
  const letters = await nextLetters(tx, { tenant, redrive: id }, room);
  const judged = await judge(deps, redrive, letters);
  const sent = judged.flatMap((one) =>
    one.message === null ? [] : [{ deadId: one.deadId, message: one.message }],
  );
  const skips = { ...redrive.skips };
  for (const { skipped } of judged) if (skipped !== null) skips[skipped] = (skips[skipped] ?? 0) + 1;
  if (sent.length > 0) await deps.producer.send(sent.map(({ message }) => deps.records.outbound(message)));
  const messages = sent.map(({ message }) => message);
  countIntake(messages, "redrive");
  deps.quota.enter(
    tenant,
    messages.map(({ lane }) => lane as Lane),
  );
  await markSent(
    tx,
    tenant,
    sent.map(({ deadId, message }) => ({ deadId, messageId: message.message_id })),
  );
  await releaseLetters(
    tx,
    tenant,
    judged.flatMap(({ deadId, skipped }) => (skipped === null ? [] : [deadId])),
  );
  const state = letters.length < room ? "done" : "running";
  const progress = { redriven: redrive.redriven + sent.length, skips, state } as const;
  await saveProgress(tx, redrive, progress);
  if (state === "done") {
    const entry = auditOf(deps, redrive, "redrive.done", { redriven: progress.redriven, skips });
    await enqueue(tx, [deps.records.audit(entry)]);
  }
  return sent.length;
}

type Judged = { deadId: string; message: OutboundMessage | null; skipped: string | null };

async function judge(
  { reader, codec, world, tokenKey, now }: RedriveWorkDeps,
  { session }: Redrive,
  letters: readonly TakenLetter[],
): Promise<Judged[]> {
  const places = letters.map(
    ({ log_partition, log_offset }): Place => ({ partition: log_partition, offset: log_offset }),
  );
  const found = await reader.read(places);
  return await Promise.all(
    letters.map(async ({ dead_id: deadId }, i): Promise<Judged> => {
      const letter = found[i] ?? null;
      // Another letter at its place: the topic was made anew.
      const message = letter?.dead_id === deadId ? await messageOf(letter, codec) : null;
      if (message === null) return { deadId, message: null, skipped: "not_found" };
      const decision = sendAnew(message, { deadId, session, nowMs: now(), tokenKey }, world);
      return decision.kind === "accepted"
        ? { deadId, message: decision.message, skipped: null }
        : { deadId, message: null, skipped: decision.refusal.code };
    }),
  );
}

export function startRedrives(deps: RedriveWorkDeps & { owner: string; onError: (error: unknown) => void }): {
  stop(): Promise<void>;
} {
  const lease = keepLease({
    sql: deps.sql,
    name: "redrives",
    owner: deps.owner,
    ttlMs: leaseMs,
    onError: deps.onError,
  });
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let forgetAt = 0;
  let turn = Promise.resolve();

  async function tick(): Promise<void> {
    const begun = deps.now();
    const mayGoOn = () => !stopping && lease.held(tickTakesMs) !== null;
    try {
      if (mayGoOn()) {
        await redriveOnce(deps, mayGoOn);
        if (begun >= forgetAt) {
          await withTenants(deps.sql, "all", (tx) => forgetLetters(tx, begun - keptMs));
          forgetAt = begun + forgetEveryMs;
        }
      }
    } catch (error) {
      deps.onError(error);
    }
    if (!stopping) timer = setTimeout(() => (turn = tick()), Math.max(0, tickMs - (deps.now() - begun)));
  }
  turn = tick();
  return {
    async stop() {
      stopping = true;
      clearTimeout(timer);
      await turn;
      await lease.stop();
    },
  };
}
