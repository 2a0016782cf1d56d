/** Acme's marketing team: an audience from a CSV file, a campaign over it, and a look at how it gets on. */
import { Readable } from "node:stream";
import { type Client, orThrow, type Schemas } from "@wamesh/client";
import { firstNames, people } from "./world.ts";

type CampaignSeen = Schemas["Campaign"];

export type CampaignRun = {
  /** As last seen; null until it is made. */
  seen(): CampaignSeen | null;
  /** Seconds from the start to the last message made; null until then. */
  expandS(): number | null;
  /** Resolves when all its messages are made; rejects when it ended otherwise. */
  done: Promise<void>;
};

export type CampaignOptions = {
  client: Client;
  recipients: number;
  run: string;
  note: (line: string) => void;
};

const lookEveryMs = 500;

export function startCampaign(options: CampaignOptions): CampaignRun {
  let seen: CampaignSeen | null = null;
  let expandS: number | null = null;

  async function begin(): Promise<void> {
    const { client, recipients, run, note } = options;
    const { audience_id } = await orThrow(client.POST("/v1/audiences", { body: { name: `Summer ${run}` } }));
    const uploadAt = performance.now();
    await upload(client, audience_id, recipients);
    note(
      `  CSV with ${recipients} recipients uploaded and checked in ${seconds(performance.now() - uploadAt)} s`,
    );
    seen = await orThrow(
      client.POST("/v1/campaigns", {
        body: {
          name: `Summer sale ${run}`,
          audience_id,
          category: "marketing",
          template: { name: "summer_sale", language: "en_US", variables: [{ column: "first_name" }] },
        },
      }),
    );
    const params = { path: { id: seen.campaign_id } };
    const preflight = await orThrow(client.POST("/v1/campaigns/{id}/preflight", { params }));
    note(`  pre-flight: ${preflight.will_send} will be sent, in about ${preflight.eta_s} s`);
    const startedAt = performance.now();
    seen = await orThrow(client.POST("/v1/campaigns/{id}/start", { params, body: {} }));
    while (seen.total === null || seen.expanded + seen.skipped < seen.total) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      seen = await orThrow(client.GET("/v1/campaigns/{id}", { params }));
      if (["cancelled", "paused"].includes(seen.state))
        throw new Error(`the campaign is ${seen.state}: ${JSON.stringify(seen)}`);
    }
    expandS = (performance.now() - startedAt) / 1000;
    note(`  ${seen.expanded} messages made in ${expandS.toFixed(1)} s`);
  }

  return { seen: () => seen, expandS: () => expandS, done: begin() };
}

/** The document says text; openapi-fetch would make JSON of a stream unless told to leave it alone. */
async function upload(client: Client, id: string, recipients: number): Promise<void> {
  await orThrow(
    client.PUT("/v1/audiences/{id}/csv", {
      params: { path: { id } },
      body: Readable.toWeb(Readable.from(csv(recipients))) as never,
      bodySerializer: (body: unknown) => body as never,
      headers: { "content-type": "text/csv" },
      duplex: "half",
    }),
  );
}

/** Made while it is read, a thousand lines at a time. */
export function* csv(recipients: number): Generator<Buffer> {
  let lines = "to,first_name\n";
  for (let i = 0; i < recipients; i++) {
    lines += `${people.broadcast(i)},${firstNames[i % firstNames.length]}\n`;
    if (i % 1000 === 999) {
      yield Buffer.from(lines);
      lines = "";
    }
  }
  yield Buffer.from(lines);
}

const seconds = (ms: number) => (ms / 1000).toFixed(1);
