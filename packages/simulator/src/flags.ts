/** Command line → options. Pure. */
import { parseArgs } from "node:util";
import type { SimulatorOptions } from "./index.ts";
import { PROFILES, type ProfileName } from "./profiles.ts";

export const HELP = `Plays WhatsApp's Cloud API and WasenderApi on one port, judges what it receives, and keeps a ledger.

  npm run simulator -- [options]

  --port N              port, default 8090; 0 takes a free one
  --host ADDRESS        default 127.0.0.1
  --seed N              same seed, same fates of the same messages; default 1
  --profile NAME        demo (receipts within 3 s), real (as the providers), instant (benches); default demo
  --read-fraction X     share of messages that are read, 0 to 1; default: the profile's
  --wasender-retries N  how often a WasenderApi callback is tried again, 0 to 5; default: the profile's
  --customer-window     Cloud API text outside the 24-hour window fails (131047); profile real does so anyway
  --tolerance-ms N      how early a send may come before it breaks its rate; default 50
  --help                this text
`;

export type Parsed =
  | { kind: "run"; options: SimulatorOptions }
  | { kind: "help" }
  | { kind: "wrong"; message: string };

export function parseFlags(args: readonly string[]): Parsed {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string", default: "8090" },
        host: { type: "string", default: "127.0.0.1" },
        seed: { type: "string", default: "1" },
        profile: { type: "string", default: "demo" },
        "read-fraction": { type: "string" },
        "wasender-retries": { type: "string" },
        "customer-window": { type: "boolean" },
        "tolerance-ms": { type: "string" },
        help: { type: "boolean" },
      },
    });
    if (values.help) return { kind: "help" };
    const profile = values.profile;
    if (!isProfile(profile)) throw new Error(`--profile must be one of ${Object.keys(PROFILES).join(", ")}`);
    const options: SimulatorOptions = {
      port: whole("--port", values.port, 0, 65_535),
      host: values.host,
      seed: whole("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
      profile,
    };
    const fraction = values["read-fraction"];
    const retries = values["wasender-retries"];
    const tolerance = values["tolerance-ms"];
    if (fraction !== undefined) options.readFraction = number("--read-fraction", fraction, 0, 1);
    if (retries !== undefined) options.wasenderRetries = whole("--wasender-retries", retries, 0, 5);
    if (tolerance !== undefined) options.toleranceMs = number("--tolerance-ms", tolerance, 0, 60_000);
    if (values["customer-window"]) options.customerWindow = true;
    return { kind: "run", options };
  } catch (error) {
    return { kind: "wrong", message: error instanceof Error ? error.message : String(error) };
  }
}

function isProfile(name: string): name is ProfileName {
  return Object.hasOwn(PROFILES, name);
}

function number(flag: string, text: string, min: number, max: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value >= min && value <= max))
    throw new Error(`${flag} must be a number from ${min} to ${max}, not "${text}"`);
  return value;
}

function whole(flag: string, text: string, min: number, max: number): number {
  const value = number(flag, text, min, max);
  if (!Number.isInteger(value)) throw new Error(`${flag} must be a whole number, not "${text}"`);
  return value;
}
