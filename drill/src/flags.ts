/** What `npm run drill -- …` takes. Parsed once; a wrong flag is one clear sentence. */
import { parseArgs } from "node:util";

export type Flags = {
  /** A scenario of its own instead of rounds of faults. */
  scenario: string | null;
  /** How long it lasts and how much is sent; null: as the scenario has it. */
  minutes: number | null;
  ratePerS: number | null;
  /** Git ref of the later release; null: one is made of this tree. */
  to: string | null;
  rounds: number;
  /** Fixes the schedule of faults and the traffic; what the processes make of it is never the same twice. */
  seed: number;
  /** Where the JSON report goes. */
  report: string | null;
  /** Only these kinds; empty means all. */
  faults: string[];
};

export function helpText(
  kinds: readonly { kind: string; about: string }[],
  scenarios: readonly { name: string; about: string }[],
): string {
  const width = Math.max(...kinds.map(({ kind }) => kind.length));
  return `wamesh drill: faults on real processes while messages flow, judged by four ledgers.

  npm run drill -- [flags]

  --rounds N      rounds of traffic with faults (default 5)
  --seed N        seed of schedule and traffic (default 1)
  --fault KIND    only this kind; may be given several times (default: all, shuffled)
  --report FILE   write the figures as JSON
  --scenario NAME one of the scenarios below instead of rounds
  --minutes N     how long the soak lasts (default 30)
  --rate N        messages per second in brokers, soak and upgrade (default 24, 60 and 20)
  --to REF        what upgrade goes to: a git ref (default: a next release made of this tree)
  --help          this text

Exit status 0: every promise held; 1: one did not, or the drill could not run; 2: wrong flags.

Scenarios:
${scenarios.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join("\n")}

Kinds of faults:
${kinds.map(({ kind, about }) => `  ${kind.padEnd(width)}  ${about}`).join("\n")}
`;
}

/** Throws an Error with one sentence for the user. */
export function parseFlags(
  args: readonly string[],
  kinds: readonly string[],
  scenarios: readonly string[],
): Flags | "help" {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "5" },
      seed: { type: "string", default: "1" },
      fault: { type: "string", multiple: true, default: [] },
      report: { type: "string" },
      scenario: { type: "string" },
      minutes: { type: "string" },
      rate: { type: "string" },
      to: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const unknown = values.fault.find((kind) => !kinds.includes(kind));
  if (unknown !== undefined) throw new Error(`--fault takes one of the kinds below, not "${unknown}".`);
  if (values.scenario !== undefined && !scenarios.includes(values.scenario))
    throw new Error(`--scenario takes one of the scenarios below, not "${values.scenario}".`);
  const given = (flag: string, text: string | undefined, max: number) =>
    text === undefined ? null : wholeNumber(flag, text, 1, max);
  return {
    scenario: values.scenario ?? null,
    minutes: given("minutes", values.minutes, 24 * 60),
    ratePerS: given("rate", values.rate, 1000),
    to: values.to ?? null,
    rounds: wholeNumber("rounds", values.rounds, 1, 10_000),
    seed: wholeNumber("seed", values.seed, 0, 2 ** 31),
    faults: values.fault,
    report: values.report ?? null,
  };
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new Error(`--${flag} takes a whole number from ${min} to ${max}, not "${text}".`);
  return value;
}
