/** One run: provision, traffic, kills, watching until nothing moves any more, and the evidence for the report. */
import type { Mesh } from "@wamesh/local";
import { ledgerTotals, openLedger, type Receiver } from "@wamesh/testing/outside";
import type { Flags } from "./flags.ts";
import { openScreen } from "./live.ts";
import { residentMb } from "./memory.ts";
import { type Provisioned, provision } from "./provision.ts";
import { type Evidence, otpLatencies, percentile } from "./report.ts";
import { startTraffic } from "./traffic.ts";
import { type Counters, counters, finished } from "./witness.ts";
import { acme, type TenantName, tenantNames } from "./world.ts";

/** Without any change for this long, the run is over, whatever is missing. Longer than the demo's doubts take. */
const stillMs = 30_000;

export async function run(
  mesh: Mesh,
  receiver: Receiver,
  flags: Flags,
  startedAtMs: number,
): Promise<{ evidence: Evidence; provisioned: Provisioned }> {
  const screen = openScreen(process.stdout);
  const provisioned = await provision({ ...mesh, receiver });
  screen.note(`
acme (Cloud API, ${acme.numbers.length} numbers at ${acme.ratePerS}/s): ${flags.broadcast} broadcast messages, onboarding events by HTTP.
globex (WasenderApi, 2 sessions): onboarding events as Avro straight into Kafka.
One-time passwords for both in between: ${flags.otp}.
`);
  const traffic = startTraffic({
    origin: mesh.origin,
    keys: provisioned.keys,
    kafkaBrokers: mesh.stack.kafkaBrokers,
    registryUrl: mesh.stack.registryUrl,
    broadcast: flags.broadcast,
    otp: flags.otp,
    seed: flags.seed,
    settled: () => untilRead(mesh.origin, provisioned, () => traffic.accepted()),
  });
  let handedIn = false;
  let failure: unknown;
  traffic.done.then(
    () => {
      handedIn = true;
    },
    (error: unknown) => {
      failure = error;
    },
  );

  const rssMb: Record<string, number> = {};
  const readLedger = openLedger(mesh.simulator);
  const begun = performance.now();
  const kills = planKills(flags);
  let killed = 0;
  let last = { at: begun, sent: 0 };
  let perS = 0;
  let state = await allCounters(mesh.origin, provisioned);
  let movedAt = begun;
  let picture = "";

  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    if (failure !== undefined) throw failure;
    const totals = await ledgerTotals(mesh.simulator);
    for (const kill of kills.filter((k) => !k.done && totals.received >= k.atReceived)) {
      kill.done = true;
      killed++;
      screen.note(`  kill -9 ${kill.service}, and start it again`);
      await mesh.services[kill.service].kill();
      await mesh.services[kill.service].start();
    }
    state = await allCounters(mesh.origin, provisioned);
    const resident = await residentMb(pidsOf(mesh));
    for (const [name, mb] of Object.entries(resident)) rssMb[name] = Math.max(rssMb[name] ?? 0, mb);

    const now = performance.now();
    const sum = (field: keyof Counters) =>
      tenantNames.reduce((total, tenant) => total + state[tenant][field], 0);
    const accepted = Object.values(traffic.accepted()).reduce((a, b) => a + b, 0);
    perS = 0.6 * perS + 0.4 * Math.max(0, ((sum("sent") - last.sent) * 1000) / (now - last.at));
    last = { at: now, sent: sum("sent") };
    const latencies = otpLatencies(traffic.otps(), await readLedger());
    screen.show({
      elapsedS: (now - begun) / 1000,
      accepted,
      sent: sum("sent"),
      delivered: sum("delivered"),
      read: sum("read"),
      waiting:
        accepted -
        tenantNames.reduce((total, tenant) => total + finished(state[tenant]) + state[tenant].unconfirmed, 0),
      inDoubt: sum("in_doubt"),
      perS,
      otp: { count: latencies.length, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
      rssMb: resident,
    });

    const seen = JSON.stringify([state, accepted, tenantNames.map((tenant) => receiver.delivered(tenant))]);
    if (seen !== picture) {
      picture = seen;
      movedAt = now;
    }
    if (handedIn && (complete(state, traffic.accepted(), receiver) || now - movedAt > stillMs)) break;
    if (now - movedAt > 4 * stillMs) break;
  }

  return {
    provisioned,
    evidence: {
      accepted: traffic.accepted(),
      counters: state,
      totals: await ledgerTotals(mesh.simulator),
      // From the beginning: a message refused at first may have been accepted since it was read.
      messages: await openLedger(mesh.simulator)(),
      senders: provisioned.senders,
      otps: traffic.otps(),
      webhooks: {
        delivered: { acme: receiver.delivered("acme"), globex: receiver.delivered("globex") },
        badSignatures: receiver.badSignatures(),
        misrouted: receiver.misrouted().length,
      },
      startedAtMs,
      endedAtMs: Date.now(),
      kills: killed,
      rssMb,
    },
  };
}

/** Waits until all accepted messages are read, ten seconds at most. */
async function untilRead(
  origin: string,
  provisioned: Provisioned,
  accepted: () => Record<TenantName, number>,
): Promise<void> {
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    const state = await allCounters(origin, provisioned);
    if (tenantNames.every((tenant) => state[tenant].read >= accepted()[tenant])) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Everything accepted has ended, every receipt that will come has come, every webhook has arrived. */
function complete(
  state: Record<TenantName, Counters>,
  accepted: Record<TenantName, number>,
  receiver: Receiver,
): boolean {
  return tenantNames.every((tenant) => {
    const c = state[tenant];
    return (
      finished(c) + c.unconfirmed === accepted[tenant] &&
      c.read === c.sent &&
      receiver.delivered(tenant) === c.sent + c.delivered + c.read + c.failed
    );
  });
}

async function allCounters(origin: string, provisioned: Provisioned): Promise<Record<TenantName, Counters>> {
  const [acmeCounters, globexCounters] = await Promise.all(
    tenantNames.map((tenant) => counters(origin, provisioned.keys, tenant)),
  );
  return { acme: acmeCounters as Counters, globex: globexCounters as Counters };
}

/** Kills spread over the middle of the broadcast, by what the simulator has received: the same point in every run. */
function planKills(flags: Flags) {
  return flags.kill.map((service, i) => ({
    service,
    atReceived: Math.round(flags.broadcast * (0.2 + (0.5 * (i + 0.5)) / flags.kill.length)),
    done: false,
  }));
}

function pidsOf(mesh: Mesh): Record<string, number | undefined> {
  return Object.fromEntries(Object.entries(mesh.services).map(([name, one]) => [name, one.pid()]));
}
