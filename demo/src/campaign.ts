/** Acme's marketing team: an audience from a CSV file, a campaign over it, and a look at how it gets on. */
import { Readable } from "node:stream";
import type { Api } from "@wamesh/testing/outside";
import { firstNames, people } from "./world.ts";

export type CampaignSeen = {
  campaign_id: string;
  state: string;
  total: number | null;
  expanded: number;
  skipped: number;
};

export type CampaignRun = {
  /** As last seen; null until it is made. */
  seen(): CampaignSeen | null;
  /** Seconds from the start to the last message made; null until then. */
  expandS(): number | null;
  /** Resolves when all its messages are made; rejects when it ended otherwise. */
  done: Promise<void>;
};

export type CampaignOptions = {
  origin: string;
  key: string;
  api: Api;
  recipients: number;
  run: string;
  note: (line: string) => void;
};

const lookEveryMs = 500;

export function startCampaign(options: CampaignOptions): CampaignRun {
  let seen: CampaignSeen | null = null;
  let expandS: number | null = null;

  async function begin(): Promise<void> {
    const { api, recipients, run, note } = options;
    const { audience_id } = await api.call<{ audience_id: string }>("POST", "/v1/audiences", {
      name: `Summer ${run}`,
    });
    const uploadAt = performance.now();
    await upload(`${options.origin}/v1/audiences/${audience_id}/csv`, options.key, recipients);
    note(
      `  CSV with ${recipients} recipients uploaded and checked in ${seconds(performance.now() - uploadAt)} s`,
    );
    seen = await api.call<CampaignSeen>("POST", "/v1/campaigns", {
      name: `Summer sale ${run}`,
      audience_id,
      category: "marketing",
      template: { name: "summer_sale", language: "en_US", variables: [{ column: "first_name" }] },
    });
    const path = `/v1/campaigns/${seen.campaign_id}`;
    const preflight = await api.call<{ will_send: number; eta_s: number | null; problems: unknown[] }>(
      "POST",
      `${path}/preflight`,
    );
    note(`  pre-flight: ${preflight.will_send} will be sent, in about ${preflight.eta_s} s`);
    const startedAt = performance.now();
    seen = await api.call<CampaignSeen>("POST", `${path}/start`, {});
    while (seen.total === null || seen.expanded + seen.skipped < seen.total) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      seen = await api.call<CampaignSeen>("GET", path);
      if (["cancelled", "paused"].includes(seen.state))
        throw new Error(`the campaign is ${seen.state}: ${JSON.stringify(seen)}`);
    }
    expandS = (performance.now() - startedAt) / 1000;
    note(`  ${seen.expanded} messages made in ${expandS.toFixed(1)} s`);
  }

  return { seen: () => seen, expandS: () => expandS, done: begin() };
}

async function upload(url: string, key: string, recipients: number): Promise<void> {
  const response = await fetch(url, {
    method: "PUT",
    headers: { authorization: `Bearer ${key}`, "content-type": "text/csv" },
    body: Readable.toWeb(Readable.from(csv(recipients))) as ReadableStream,
    duplex: "half",
  });
  if (!response.ok) throw new Error(`the CSV was answered ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
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
