/** One run: provision, traffic, kills, watching until nothing moves any more, and the evidence for the report. */
import { orThrow } from "@wamesh/client";
import {
  type LedgerMessage,
  ledgerTotals,
  openLedger,
  type Receiver,
  seededRandom,
} from "@wamesh/testing/outside";
import type { Flags } from "./flags.ts";
import { openScreen } from "./live.ts";
import { residentMb } from "./memory.ts";
import { openMeter } from "./processor.ts";
import { type Provisioned, provision } from "./provision.ts";
import { startReplies } from "./replies.ts";
import { type Evidence, otpLatencies, percentile } from "./report.ts";
import { type Scene, sceneOf } from "./scene.ts";
import type { Stage } from "./stage.ts";
import { startTraffic } from "./traffic.ts";
import { type Counters, counters, finished } from "./witness.ts";
import { acme, type TenantName, tenantNames } from "./world.ts";

/** Without any change for this long, the run is over, whatever is missing. Longer than the demo's doubts take. */
const stillMs = 30_000;

export async function run(
  mesh: Stage,
  receiver: Receiver,
  flags: Flags,
  startedAtMs: number,
): Promise<{ evidence: Evidence; provisioned: Provisioned }> {
  const screen = openScreen(process.stdout);
  const scene = sceneOf(flags);
  const provisioned = await provision({ ...mesh, receiver }, scene);
  screen.note(`
acme (Cloud API, ${scene.numbers.length} numbers at ${acme.ratePerS}/s): ${flags.campaign === null ? `${flags.broadcast} broadcast messages` : `a campaign to ${flags.campaign} people from a CSV file`}, onboarding events by HTTP.
globex (WasenderApi, 2 sessions): onboarding events as Avro straight into Kafka.
One-time passwords for both in between: ${flags.otp}.
`);
  const traffic = startTraffic({
    clients: provisioned.clients,
    kafkaBrokers: mesh.kafkaBrokers,
    registryUrl: mesh.registryUrl,
    broadcast: flags.broadcast,
    campaign: flags.campaign,
    numbers: scene.numbers.length,
    otp: flags.otp,
    seed: flags.seed,
    note: screen.note,
    settled: () => untilRead(provisioned, () => traffic.accepted()),
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
  let arrivals: readonly LedgerMessage[] = [];
  const meter = openMeter(() => ({
    ...mesh.servicePids(),
    ...mesh.otherPids(),
    // Gateway, core applications, tenants' receivers, and who watches.
    demo: process.pid,
  }));
  const replies =
    flags.campaign === null
      ? null
      : startReplies({
          simulator: mesh.simulator,
          everyMs: 500,
          random: seededRandom(flags.seed),
          senders: new Set(provisioned.senders.acme),
          arrivals: () => arrivals,
        });
  const onlooker =
    flags.console === null
      ? null
      : await (await import("./onlooker.ts")).openOnlooker({
          origin: mesh.origin,
          key: provisioned.keys.acme,
          tenant: "acme",
          total: scene.audience,
          picture: flags.console,
        });
  const begun = performance.now();
  const kills = planKills(flags, scene);
  let killed = 0;
  let last = { at: begun, sent: 0 };
  let perS = 0;
  let state = await allCounters(provisioned);
  let movedAt = begun;
  let picture = "";

  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, scene.lookEveryMs));
    if (failure !== undefined) throw failure;
    const totals = await ledgerTotals(mesh.simulator);
    for (const kill of kills.filter((k) => !k.done && totals.received >= k.atReceived)) {
      kill.done = true;
      killed++;
      screen.note(`  kill -9 ${kill.service}, and start it again`);
      meter.look();
      await mesh.killAndStart(kill.service);
    }
    state = await allCounters(provisioned);
    meter.look();
    const resident = await residentMb(mesh.servicePids());
    for (const [name, mb] of Object.entries(resident)) rssMb[name] = Math.max(rssMb[name] ?? 0, mb);

    await onlooker?.look(traffic.campaign()?.seen()?.campaign_id ?? null, state.acme.sent);

    const now = performance.now();
    const sum = (field: keyof Counters) =>
      tenantNames.reduce((total, tenant) => total + state[tenant][field], 0);
    const accepted = Object.values(traffic.accepted()).reduce((a, b) => a + b, 0);
    perS = 0.6 * perS + 0.4 * Math.max(0, ((sum("sent") - last.sent) * 1000) / (now - last.at));
    last = { at: now, sent: sum("sent") };
    arrivals = await readLedger();
    const latencies = otpLatencies(traffic.otps(), arrivals);
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

    // People stop writing when the messages have left, so that the last reply is told before the end.
    if (handedIn && sum("queued") + sum("waiting") === 0) replies?.stop();
    const seen = JSON.stringify([
      state,
      accepted,
      tenantNames.map((tenant) => receiver.delivered(tenant)),
      receiver.inbound("acme"),
    ]);
    if (seen !== picture) {
      picture = seen;
      movedAt = now;
    }
    const told = replies === null || receiver.inbound("acme") === replies.written();
    if (
      handedIn &&
      ((told && complete(state, traffic.accepted(), receiver, scene)) || now - movedAt > stillMs)
    )
      break;
    if (now - movedAt > 4 * stillMs) break;
  }
  replies?.stop();
  const onlookers = onlooker === null ? null : await onlooker.leave();
  const campaign = traffic.campaign();
  const id = campaign?.seen()?.campaign_id;

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
      subscribed: scene.webhooks,
      console: onlookers,
      replies: replies === null ? null : { written: replies.written(), told: receiver.inbound("acme") },
      campaign:
        id === undefined
          ? null
          : {
              state: await campaignState(provisioned, id),
              expandS: campaign?.expandS() ?? null,
            },
      configuredPerS: scene.numbers.length * acme.ratePerS,
      cpuMs: meter.usedMs(),
      startedAtMs,
      endedAtMs: Date.now(),
      kills: killed,
      rssMb,
    },
  };
}

/** Waits until all accepted messages are read, ten seconds at most. */
async function untilRead(
  provisioned: Provisioned,
  accepted: () => Record<TenantName, number>,
): Promise<void> {
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    const state = await allCounters(provisioned);
    if (tenantNames.every((tenant) => state[tenant].read >= accepted()[tenant])) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** Everything accepted has ended, every receipt that will come has come, every webhook has arrived. */
function complete(
  state: Record<TenantName, Counters>,
  accepted: Record<TenantName, number>,
  receiver: Receiver,
  scene: Scene,
): boolean {
  return tenantNames.every((tenant) => {
    const c = state[tenant];
    return (
      finished(c) + c.unconfirmed === accepted[tenant] &&
      c.read === c.sent &&
      receiver.delivered(tenant) === scene.webhooks[tenant].reduce((total, event) => total + c[event], 0)
    );
  });
}

async function allCounters(provisioned: Provisioned): Promise<Record<TenantName, Counters>> {
  const [acmeCounters, globexCounters] = await Promise.all(
    tenantNames.map((tenant) => counters(provisioned.clients[tenant])),
  );
  return { acme: acmeCounters as Counters, globex: globexCounters as Counters };
}

/** Kills spread over the middle of the broadcast, by what the simulator has received: the same point in every run. */
function planKills(flags: Flags, scene: Scene) {
  return flags.kill.map((service, i) => ({
    service,
    // A campaign's ingest while it makes the messages.
    atReceived:
      flags.campaign !== null && service === "ingest"
        ? Math.round(scene.audience * 0.02)
        : Math.round(scene.audience * (0.2 + (0.5 * (i + 0.5)) / flags.kill.length)),
    done: false,
  }));
}

/** It is completed a moment after its last message. */
async function campaignState(provisioned: Provisioned, id: string): Promise<string> {
  const until = performance.now() + 15_000;
  for (;;) {
    const { state } = await orThrow(
      provisioned.clients.acme.GET("/v1/campaigns/{id}", { params: { path: { id } } }),
    );
    if (state === "completed" || performance.now() > until) return state;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
