/** The demo's traffic: onboarding events, acme's broadcast, and one-time passwords for both tenants in between. */
import { randomBytes } from "node:crypto";
import { type Client, orThrow, type Paths } from "@wamesh/client";
import { createCodec, eventHeaders, partition, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { seededRandom } from "@wamesh/testing/outside";
import { type CampaignRun, startCampaign } from "./campaign.ts";
import { acme, firstNames, people, type TenantName } from "./world.ts";

/** One OTP as its sender saw it; `ref` finds it in the simulator's ledger. */
export type OtpSent = { tenant: TenantName; ref: string; acceptedAtMs: number };

export type Traffic = {
  /** Messages that the mesh accepted so far (202), and messages its rules must make of accepted events. */
  accepted(): Record<TenantName, number>;
  otps(): readonly OtpSent[];
  /** Null until it begins, and in a run without one. */
  campaign(): CampaignRun | null;
  /** Resolves when everything was handed in. */
  done: Promise<void>;
};

type MessageBody = Paths["/v1/messages"]["post"]["requestBody"]["content"]["application/json"];

export type TrafficOptions = {
  clients: Record<TenantName, Client>;
  kafkaBrokers: string;
  registryUrl: string;
  broadcast: number;
  /** Recipients of a campaign in its place, or null. */
  campaign: number | null;
  /** Acme's. */
  numbers: number;
  otp: number;
  seed: number;
  note: (line: string) => void;
  /** Resolves when what was handed in so far has been read, or after some seconds. */
  settled: () => Promise<void>;
};

/** Acme's core application has grown: enough that every service has done each of its jobs a few hundred times before the broadcast. */
const onboardings: Record<TenantName, number> = { acme: 200, globex: 20 };
const acmeAtOnce = 4;
/** The broadcast is handed in as a core application would that reads its audience page by page: faster than it can leave. */
const batchSize = 100;
const batchEveryMs = 250;

export function startTraffic(options: TrafficOptions): Traffic {
  const accepted: Record<TenantName, number> = { acme: 0, globex: 0 };
  const otps: OtpSent[] = [];
  let campaign: CampaignRun | null = null;
  const random = seededRandom(options.seed);
  // Ids must differ between two demos on the same data, though the traffic is the same.
  const run = randomBytes(4).toString("hex");
  const { clients } = options;
  const name = () => firstNames[Math.floor(random() * firstNames.length)] ?? "Mara";

  async function onboardAcme(): Promise<void> {
    let next = 0;
    const one = async (i: number) => {
      const event = {
        specversion: "1.0",
        id: `${run}-acme-${i}`,
        source: "/acme/accounts",
        type: "user_onboarded",
        time: new Date().toISOString(),
        data: { phone: people.acmeUser(i), first_name: name() },
      };
      await orThrow(
        clients.acme.POST("/v1/events", {
          body: event,
          headers: { "content-type": "application/cloudevents+json" },
        }),
      );
      accepted.acme++;
    };
    const worker = async () => {
      while (next < onboardings.acme) await one(next++);
    };
    await Promise.all(Array.from({ length: acmeAtOnce }, worker));
  }

  /** First-party producers may write the topic directly, as Avro; the demo plays one. */
  async function onboardGlobex(): Promise<void> {
    const kafka = openKafka({ brokers: options.kafkaBrokers, clientId: "globex-core", log: () => {} });
    const codec = await createCodec({ registryUrl: options.registryUrl, topics: [topics.domainEvent] });
    const producer = await kafka.producer();
    const home = partition("globex", topics.domainEvent.partitions.local);
    const records = Array.from({ length: onboardings.globex }, (_, i) => {
      const id = `${run}-globex-${i}`;
      const facts = {
        id,
        type: "user_onboarded",
        source: "/globex/core",
        timeMs: Date.now(),
        tenant: "globex",
      };
      return {
        topic: topics.domainEvent.name,
        partition: home,
        key: "globex",
        headers: eventHeaders(facts),
        value: codec.encode(topics.domainEvent, {
          event_id: id,
          tenant: "globex",
          source: facts.source,
          type: facts.type,
          subject: null,
          occurred_at: facts.timeMs,
          data: JSON.stringify({
            phone: people.globexUser(i),
            first_name: name(),
            reference: `${run}-event-${i}`,
          }),
          received_at: null,
        }),
      };
    });
    await producer.send(records);
    accepted.globex += onboardings.globex;
    await producer.close();
  }

  async function broadcast(): Promise<void> {
    for (let start = 0; start < options.broadcast; start += batchSize) {
      const pageRead = new Promise((resolve) => setTimeout(resolve, batchEveryMs));
      const size = Math.min(batchSize, options.broadcast - start);
      const messages = Array.from({ length: size }, (_, i) => ({
        to: people.broadcast(start + i),
        lane: "bulk" as const,
        category: "marketing" as const,
        template: { name: "summer_sale", language: "en_US", variables: [name()] },
      }));
      const answer = await orThrow(clients.acme.POST("/v1/messages/batch", { body: { messages } }));
      accepted.acme += answer.accepted;
      await pageRead;
    }
  }

  async function passwords(): Promise<void> {
    // Spread over the time the broadcast takes at the numbers' rate, but not faster than globex's own sessions may send.
    const broadcastS = (options.campaign ?? options.broadcast) / (acme.ratePerS * options.numbers);
    const gapMs = Math.max(150, Math.min(1000, (broadcastS * 1000) / Math.max(1, options.otp)));
    for (let i = 0; i < options.otp; i++) {
      await new Promise((resolve) => setTimeout(resolve, gapMs));
      const code = String(100_000 + Math.floor(random() * 900_000));
      if (i % 2 === 0)
        await otp("acme", i, {
          to: people.acmeOtp(i),
          template: { name: "login_code", language: "en_US", variables: [code] },
        });
      else
        await otp("globex", i, {
          to: people.globexOtp(i),
          text: { body: `Your Globex code is ${code}. #${run}-otp-${i}` },
        });
    }
  }

  async function otp(tenant: TenantName, i: number, message: MessageBody): Promise<void> {
    const answer = await orThrow(clients[tenant].POST("/v1/messages", { body: { ...message, lane: "otp" } }));
    accepted[tenant]++;
    // Cloud API carries our id to the provider; WasenderApi carries none, so its text does.
    otps.push({ tenant, ref: tenant === "acme" ? answer.id : `${run}-otp-${i}`, acceptedAtMs: Date.now() });
  }

  async function begin(): Promise<void> {
    await Promise.all([onboardAcme(), onboardGlobex()]);
    // The welcomes and their receipts first; the broadcast is judged by its pace, not by how long a cold mesh takes to warm up.
    await options.settled();
    if (options.campaign === null) {
      await Promise.all([broadcast(), passwords()]);
      return;
    }
    campaign = startCampaign({
      client: clients.acme,
      recipients: options.campaign,
      run,
      note: options.note,
    });
    await Promise.all([campaign.done, passwords()]);
  }

  return {
    accepted: () => ({ ...accepted, acme: accepted.acme + (campaign?.seen()?.expanded ?? 0) }),
    otps: () => otps,
    campaign: () => campaign,
    done: begin(),
  };
}
