/**
 * Whether a message costs more when more of them wait, or more sessions: CPU of dispatcher and Postgres per message sent while
 * the backlog stands. CPU and not time, which on a busy machine tells of others. Sizes take turns; medians are compared.
 */
import { median, rounded } from "../../statistics.ts";
import type { Actor } from "../cast.ts";
import { type DispatchFigures, spread } from "../figures.ts";
import type { Rig } from "../rig.ts";
import type { Schedule } from "../schedule.ts";

/** `warmUp` in messages. */
type Case = { name: string; actors: readonly Actor[]; backlog: number; warmUp: number };

export async function backlogCost(rig: Rig): Promise<Partial<DispatchFigures>> {
  const { backlogs, backlogSessions: count, warmUp } = rig.sizes;
  const actors = await rig.cast.sessions({ name: "backlog", count, tenants: 20, ratePerS: 1000 });
  const cases = backlogs.map((backlog) => ({ name: `${backlog} waiting`, actors, backlog, warmUp }));
  return { backlog_cost_ratio: await compare(rig, cases) };
}

export async function sessionCost(rig: Rig): Promise<Partial<DispatchFigures>> {
  const { sessionCounts, sessionBacklog: backlog } = rig.sizes;
  const count = Math.max(...sessionCounts);
  const actors = await rig.cast.sessions({ name: "sessions", count, tenants: 10, ratePerS: 1000 });
  // Each session has sent before: its credentials are opened only once, when it sends first.
  const warmUp = Math.max(rig.sizes.warmUp, Math.ceil(1.2 * count));
  const cases = sessionCounts.map((n) => ({
    name: `${n} sessions`,
    actors: actors.slice(0, n),
    backlog,
    warmUp,
  }));
  return { session_cost_ratio: await compare(rig, cases) };
}

async function compare(rig: Rig, cases: readonly Case[]): Promise<number> {
  const runs = [];
  for (const one of cases) runs.push({ ...one, schedule: await rig.schedule(), costs: [] as number[] });
  for (let round = 0; round < rig.sizes.pairs; round++)
    for (const { name, costs, ...run } of runs) {
      const { dispatcherUs, postgresUs } = await costOf(rig, run);
      costs.push(dispatcherUs + postgresUs);
      rig.log(`  ${name}: CPU µs per message: dispatcher ${dispatcherUs}, Postgres ${postgresUs}`);
    }
  for (const { schedule } of runs) await schedule.drop();
  return rounded(spread(runs.map(({ costs }) => median(costs))), 2);
}

/** A dispatcher's life: it warms up, is measured, and leaves the backlog as large as it should be. */
async function costOf(
  rig: Rig,
  { schedule, actors, backlog, warmUp }: Omit<Case, "name"> & { schedule: Schedule },
): Promise<{ dispatcherUs: number; postgresUs: number }> {
  const { measured } = rig.sizes;
  await schedule.fill({ count: backlog + warmUp + measured - (await schedule.pending()), actors });
  const before = rig.stub.received();
  const dispatcher = await rig.dispatcher(schedule);
  try {
    const used = async (received: number) => {
      await rig.stub.until(before + received);
      return { dispatcher: dispatcher.cpuUs(), postgres: rig.postgresCpuUs(), sent: rig.stub.received() };
    };
    const first = await used(warmUp);
    const last = await used(warmUp + measured);
    const sent = last.sent - first.sent;
    return {
      dispatcherUs: Math.round((last.dispatcher - first.dispatcher) / sent),
      postgresUs: Math.round((last.postgres - first.postgres) / sent),
    };
  } finally {
    await dispatcher.stop();
  }
}
