/** What `npm run demo -- …` takes. Parsed once; a wrong flag is one clear sentence. */
import { parseArgs } from "node:util";

export const serviceNames = [
  "ingest",
  "dispatcher",
  "session-manager",
  "webhook-router",
  "status-projector",
] as const;
export type ServiceName = (typeof serviceNames)[number];

export type Flags = {
  /** Recipients of the broadcast, which is handed in by batches. */
  broadcast: number;
  /** Recipients of a campaign from a CSV file over ten numbers, in place of the broadcast; null: none. */
  campaign: number | null;
  /** One-time passwords sent in between, over both tenants. */
  otp: number;
  /** The campaign's page is kept open in Chromium, and its picture goes here; null: nobody looks. */
  console: string | null;
  /** Stop after the summary instead of staying up. */
  exit: boolean;
  /** Where the JSON report goes. */
  report: string | null;
  /** Services killed with SIGKILL once, mid-run. */
  kill: ServiceName[];
  /** Fixes traffic and the simulator's choices. */
  seed: number;
};

export const help = `wamesh demo: the whole mesh on this machine, with traffic.

  npm run demo -- [flags]

  --broadcast N    recipients of acme's broadcast (default 2000)
  --campaign N     in its place a campaign from a CSV file with N recipients, over ten numbers at 80 a second, with people
                   who write back; each service is killed once in its course
  --console FILE   with --campaign: its page is open in Chromium all the time, and a picture of it goes to FILE (PNG)
  --otp N          one-time passwords sent in between, for both tenants (default 50; of a campaign 200)
  --exit           stop after the summary (default: stay up until Ctrl-C)
  --report FILE    write the summary as JSON
  --kill SERVICE   kill -9 that service once mid-run; may be given several times
                   (${serviceNames.join(", ")}; none)
  --seed N         seed of the traffic and of the simulator's choices (default 1)
  --help           this text
`;

/** Throws an Error with one sentence for the user. */
export function parseFlags(args: readonly string[]): Flags | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      broadcast: { type: "string", default: "2000" },
      campaign: { type: "string" },
      console: { type: "string" },
      otp: { type: "string" },
      exit: { type: "boolean", default: false },
      report: { type: "string" },
      kill: { type: "string", multiple: true },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const campaign = values.campaign === undefined ? null : wholeNumber("campaign", values.campaign, 1_000_000);
  if (values.console !== undefined && campaign === null)
    throw new Error("--console shows a campaign: give --campaign N with it.");
  return {
    broadcast: campaign === null ? wholeNumber("broadcast", values.broadcast, 1_000_000) : 0,
    campaign,
    otp: wholeNumber("otp", values.otp ?? (campaign === null ? "50" : "200"), 100_000),
    console: values.console ?? null,
    exit: values.exit,
    report: values.report ?? null,
    kill: (values.kill ?? (campaign === null ? [] : serviceNames))
      .filter((name) => name !== "none")
      .map(serviceName),
    seed: wholeNumber("seed", values.seed, 2 ** 31),
  };
}

function wholeNumber(flag: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new Error(`--${flag} takes a whole number from 0 to ${max}, not "${text}".`);
  return value;
}

function serviceName(name: string): ServiceName {
  const found = serviceNames.find((known) => known === name);
  if (found === undefined) throw new Error(`--kill takes one of ${serviceNames.join(", ")}, not "${name}".`);
  return found;
}
