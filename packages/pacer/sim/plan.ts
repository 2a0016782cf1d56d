/** What a seed stands for: tenants, sessions, traffic, the provider's moods and the faults, all decided before the run. */

import { minutePace } from "../src/core/limit.ts";
import { defaultSettings, type PacerSettings } from "../src/settings.ts";
import { type Fault, faultsOf, type Mood, moodsOf } from "./misfortune.ts";
import { blindDecisions, type Decision } from "./persons.ts";
import { createRandom, type Random } from "./random.ts";
import { type Restore, restoreOf } from "./restore.ts";
import {
  limitMembers,
  midnightMs,
  pacesOf,
  type Restrictions,
  restrictionsOf,
  streamIntervalMs,
} from "./restrictions.ts";
import { backlogs, type Kind, type LogRecord, type MemberPlan, membersOf, trafficOf } from "./traffic.ts";

export type Plan = {
  seed: number;
  kind: Kind;
  settings: PacerSettings;
  shards: number;
  processes: number;
  members: MemberPlan[];
  records: LogRecord[];
  decisions: Decision[];
  /** How often somebody decides over a message whose outcome is unknown. */
  personRate: number;
  restrictions: Restrictions;
  faults: Fault[];
  /** The database is lost and set back, once; nobody decides anything in such a run, and the clock does not jump. */
  restore: Restore | null;
  /** Faults of the provider, the network and the processes end here. */
  faultsEndMs: number;
  horizonMs: number;
  moods: Mood[];
  answerMs: { min: number; max: number };
  statementMs: { min: number; max: number };
  /** Of a statement: lost on its way there, or its answer on the way back. */
  lossRate: number;
  echoes: { rate: number; doubleRate: number; failedRate: number; latestMs: number };
  sessionTimeoutMs: number;
};

/** The latest that a hold, a guard or a lag of receipts ends after the traffic. */
const restrictedMs = 16_000;

export function planOf(seed: number): Plan {
  const random = createRandom(seed, 1);
  const kind = seed % 10 === 0 ? "contended" : seed % 10 === 1 ? "calm" : "rough";
  const settings = settingsOf(random, kind);
  const shards = kind === "contended" ? 1 : random.int(1, 3);
  const processes = kind === "contended" ? 1 : random.int(2, 4);
  const members = membersOf(random, kind, shards);
  const spanMs = random.int(2_000, 15_000);
  const records = kind === "contended" ? backlogs(members) : trafficOf(random, members, spanMs, kind);
  // A stream of its own: what is restricted does not change what else happens under a seed.
  const restricting = createRandom(seed, 7);
  limitMembers(restricting, kind, members, records);
  const restrictions = restrictionsOf(restricting, kind, records, spanMs);
  restrictions.paces = pacesOf(createRandom(seed, 8), kind, records, spanMs);
  const faultsEndMs = kind === "rough" ? spanMs + 10_000 : spanMs;
  const faults = kind === "rough" ? faultsOf(random, faultsEndMs, settings, processes, shards) : [];
  const rough = kind === "rough";
  const restore = rough ? restoreOf(createRandom(seed, 9), spanMs) : null;
  const decisions = rough ? blindDecisions(random, records) : [];
  const personRate = rough ? random.pick([0, 0.3, 0.8]) : 0;
  return {
    seed,
    kind,
    settings,
    shards,
    processes,
    members,
    records,
    decisions: restore === null ? decisions : [],
    personRate: restore === null ? personRate : 0,
    restrictions,
    faults: faults.filter(({ kind }) => restore === null || kind !== "jump"),
    restore,
    faultsEndMs,
    horizonMs:
      Math.max(faultsEndMs, midnightMs) +
      restrictedMs +
      horizonAfter(settings, members, records, restrictions, faults) +
      (restore === null ? 0 : restore.downMs + 2 * settings.doubtMs),
    moods: rough ? moodsOf(random) : ["accept"],
    answerMs: { min: random.int(1, 50), max: random.int(60, kind === "contended" ? 400 : 900) },
    statementMs: { min: 0.2, max: random.pick([2, 5, 20]) },
    lossRate: rough ? random.pick([0, 0, 0.002, 0.02]) : 0,
    echoes: {
      rate: random.pick([0.5, 0.9, 1]),
      doubleRate: 0.2,
      failedRate: rough ? 0.05 : 0,
      latestMs: random.pick([200, 3_000, 20_000]),
    },
    sessionTimeoutMs: settings.leaseMs * 0.6,
  };
}

/** Times shortened alike, so that a run takes fewer steps; the proportions that matter are kept. */
function settingsOf(random: Random, kind: Kind): PacerSettings {
  const scale = random.chance(0.15) ? 1 : 0.3;
  return {
    ...defaultSettings,
    leaseMs: 10_000 * scale,
    leaseActMs: 7_000 * scale,
    renewMs: 3_000 * scale,
    statementMs: 10_000 * scale,
    sendDeadlineMs: 10_000 * scale,
    ownWaitMs: 20_000 * scale,
    // Longer than anything that one process alone may still do after it lost its lease.
    doubtMs: 20_000 * scale,
    retryCapMs: 4_000,
    pauseMs: 2_000,
    inFlight: kind === "contended" ? random.int(4, 12) : random.pick([16, 256]),
    claimBatch: random.pick([2, 10, 100]),
    outcomeBatch: random.pick([3, 500]),
    publishBatch: random.pick([4, 500]),
    eventsInMemory: random.pick([3, 5_000]),
    catchUpMs: random.pick([1, 20]),
    confirmWrites: kind !== "contended" && random.chance(0.5),
    refillAtShare: random.pick([0.5, 1]),
    outcomeLingerMs: random.pick([0, 0, 10]),
    watermarkMs: random.pick([0, 0, 200]),
    gateLingerMs: random.pick([0, 0, 40]),
  };
}

/** When everything must have ended: what may rightly be waited for, one after the other. */
function horizonAfter(
  { leaseMs, doubtMs, retryCapMs, pauseMs }: PacerSettings,
  members: readonly MemberPlan[],
  records: readonly LogRecord[],
  restrictions: Restrictions,
  faults: readonly Fault[],
): number {
  const backlogMs = members.map(({ id, member }) => {
    const count = records.filter(({ item }) => item.member === id).length;
    const ofTenant = records.filter(({ item }) => item.tenant === member.tenant).length;
    const sharedMs = (member.limits ?? []).map(({ perMinute }) =>
      perMinute === null ? 0 : minutePace(perMinute).intervalMs,
    );
    return (
      (count + 2) * Math.max(1_000 / member.ratePerS, member.gapMs?.max ?? 0, member.pair?.intervalMs ?? 0) +
      ofTenant * Math.max(0, ...sharedMs)
    );
  });
  const streamsMs = records.reduce((sum, { item }) => sum + streamIntervalMs(restrictions, item), 0);
  const backMs = faults.reduce(
    (sum, fault) => sum + (fault.kind === "jump" ? Math.max(0, -fault.byMs) : 0),
    0,
  );
  // A member slowed down to a fraction of its rate takes as many times as long, until it has recovered.
  // Somebody may decide late, and what is sent again may be in doubt again.
  return (
    4 * leaseMs +
    6 * doubtMs +
    20_000 +
    2 * retryCapMs +
    pauseMs +
    20_000 +
    4 * Math.max(0, ...backlogMs) +
    2 * streamsMs +
    backMs
  );
}
