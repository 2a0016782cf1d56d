/** Rounds on one mesh, from the first to the last, and what they add up to. */
import { partition, topics } from "@wamesh/events";
import { type Mesh, startMesh } from "@wamesh/local";
import { listViolations, type Receiver, startReceiver, type Violation } from "@wamesh/testing/outside";
import postgres from "postgres";
import { dwellMs, inDoubt, percentile, settledByEcho } from "./check/figures.ts";
import type { Finding } from "./check/index.ts";
import { standing } from "./check/standing.ts";
import type { Accepted, Evidence } from "./ledgers.ts";
import { heading, row } from "./print.ts";
import { openTopics } from "./read/topics.ts";
import { type Round, runRound } from "./round.ts";
import { provision, type Tenant } from "./world.ts";

export type Drill = {
  mesh: Mesh;
  seed: number;
  tenants: readonly Tenant[];
  receiver: Receiver;
  sql: postgres.Sql;
  topics: Awaited<ReturnType<typeof openTopics>>;
  shards: readonly number[];
  /** Grow from round to round: what one round did must still hold after the next. */
  accepted: Accepted[];
  poison: { topic: string; marker: string }[];
  trespasses: string[];
  violations(): Promise<Violation[]>;
  say(words: string): void;
};

export type Report = {
  messages: number;
  faults: Record<string, number>;
  lost: number;
  doubled: number;
  order_breaks: number;
  rate_breaks: number;
  cross_tenant: number;
  /** Messages that ever were in doubt, and those of them that a receipt settled. */
  in_doubt: number;
  settled_by_echo: number;
  /** From a process or server going away until each sender with work waiting sent again, the longest. */
  resume_s_max: number;
  /** From the client's 202 to the provider. */
  dwell_p99_ms: number;
};

export type CampaignOptions = {
  /** Faults of each round. */
  schedule: readonly (readonly string[])[];
  seed: number;
  dataDir: string;
  log: (line: string) => void;
  /** Told once the mesh runs, so that it can be stopped from outside. */
  onStop?: (stop: () => Promise<void>) => void;
};

export async function campaign(options: CampaignOptions): Promise<Report> {
  const { log } = options;
  const receiver = await startReceiver();
  const stops = [() => receiver.close()];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) await one();
  };
  options.onStop?.(stop);
  try {
    const mesh = await startMesh({
      dataDir: options.dataDir,
      log,
      seed: options.seed,
      profile: "demo",
      instances: { dispatcher: 3 },
      // A round should not wait two minutes for the policy.
      env: { WAMESH_DOUBT_RESOLVE_S: "10" },
    });
    stops.push(() => mesh.stop());
    const sql = postgres(mesh.stack.postgresUrl, { max: 2, connect_timeout: 3, onnotice: () => {} });
    stops.push(() => sql.end({ timeout: 1 }));
    const tenants = await provision(mesh, receiver);
    const drill: Drill = {
      mesh,
      seed: options.seed,
      tenants,
      receiver,
      sql,
      topics: await openTopics(mesh.stack),
      shards: tenants.map(({ id }) => partition(id, topics.outboundStandard.partitions.local)),
      accepted: [],
      poison: [],
      trespasses: [],
      violations: () => listViolations(mesh.simulator),
      say: (words) => log(`    ${new Date().toISOString().slice(11, 23)}  ${words}`),
    };
    return await runRounds(drill, options);
  } finally {
    await stop();
  }
}

async function runRounds(drill: Drill, { schedule, log }: CampaignOptions): Promise<Report> {
  const found = new Map<string, Finding>();
  const rounds: Round[] = [];
  log(heading);
  for (const [i, kinds] of schedule.entries()) {
    log(`  round ${i + 1} of ${schedule.length}: ${kinds.join(", ")}`);
    const round = await runRound(drill, i + 1, kinds);
    rounds.push(round);
    const fresh = round.findings.filter((finding) => !found.has(nameOf(finding)));
    for (const finding of fresh) found.set(nameOf(finding), finding);
    log(row(round, fresh.length));
    for (const finding of fresh.slice(0, 10)) log(inWords(finding, round.evidence));
    if (fresh.length > 10) log(`    … and ${fresh.length - 10} more`);
  }
  return makeReport(rounds, [...found.values()]);
}

/** The same message may be found again after each round; it counts once. */
function nameOf({ kind, id, what }: Finding): string {
  return `${kind} ${id ?? what}`;
}

function inWords(finding: Finding, evidence: Evidence): string {
  const lines = finding.id === null ? [] : standing(evidence, finding.id).map((line) => `        ${line}`);
  return [`    ${finding.kind}: ${finding.id ?? ""} ${finding.what}`, ...lines].join("\n");
}

function makeReport(rounds: readonly Round[], findings: readonly Finding[]): Report {
  const evidence = rounds.at(-1)?.evidence;
  const statuses = evidence?.topics.statuses ?? [];
  const kinds = Map.groupBy(
    rounds.flatMap((round) => round.kinds),
    (kind) => kind,
  );
  const count = (kind: Finding["kind"]) => findings.filter((finding) => finding.kind === kind).length;
  return {
    messages: new Set(evidence?.accepted.map(({ id }) => id)).size,
    faults: Object.fromEntries([...kinds].map(([kind, times]) => [kind, times.length])),
    lost: count("lost"),
    doubled: count("doubled"),
    order_breaks: count("order"),
    rate_breaks: count("rate"),
    cross_tenant: count("cross_tenant"),
    in_doubt: inDoubt(statuses).size,
    settled_by_echo: settledByEcho(statuses),
    resume_s_max: Number(Math.max(0, ...rounds.map((round) => round.resumeS ?? 0)).toFixed(1)),
    dwell_p99_ms: evidence === undefined ? 0 : percentile(dwellMs(evidence), 0.99),
  };
}

/** What makes the drill fail, in words; empty when every promise held. */
export function broken(report: Report): string[] {
  const counts: [number, string][] = [
    [report.lost, "lost"],
    [report.doubled, "doubled"],
    [report.order_breaks, "out of order"],
    [report.rate_breaks, "above a rate"],
    [report.cross_tenant, "at the wrong tenant"],
  ];
  return counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
}
