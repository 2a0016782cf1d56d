/** `npm run fire`: what it is told. */
import { parseArgs } from "node:util";
import type { Fire } from "./fire.ts";

export type Flags = {
  /** The fires to be lit, in their order. */
  chosen: readonly Fire[];
  /** Nothing but the panels is looked at. */
  panelsOnly: boolean;
  factor: number;
  /** File for the figures. */
  report: string | null;
  /** Whether docs/runbooks is written anew. */
  record: boolean;
};

export const help = (
  fires: readonly Fire[],
) => `wamesh fire drill: faults on a running mesh, watched by a real Prometheus and Alertmanager.

  npm run fire -- [flags]

  --fire NAME     only this fault; may be given several times (default: all)
  --calm          no fault: the panels' queries and the rules against a mesh at work, and no page
  --panels        no fault: the panels' queries alone
  --factor N      windows and patience of the rules divided by this (default 60)
  --report FILE   write the figures as JSON
  --record        write the figures into docs/runbooks, beside those of other fires
  --help          this text

Exit status 0: every alert fired and cleared, every panel had data or says why not; 1: one did not.

${fires.map(({ name, cause }) => `  ${name.padEnd(20)} ${cause}`).join("\n")}
`;

/** null: help was asked for. Throws what is wrong with them, in words. */
export function readFlags(args: readonly string[], fires: readonly Fire[]): Flags | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      fire: { type: "string", multiple: true, default: [] },
      calm: { type: "boolean", default: false },
      panels: { type: "boolean", default: false },
      factor: { type: "string", default: "60" },
      report: { type: "string" },
      record: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const calm = values.calm || values.panels;
  const factor = Number(values.factor);
  if (!(factor >= 1)) throw new Error("--factor takes a number from 1");
  const unknown = values.fire.find((name) => !fires.some((fire) => fire.name === name));
  if (unknown !== undefined) throw new Error(`there is no fire "${unknown}"`);
  if (calm && values.fire.length > 0) throw new Error("--calm and --panels light no fire");
  if (values.record && calm) throw new Error("--record takes a fire");
  return {
    chosen: calm ? [] : fires.filter(({ name }) => values.fire.length === 0 || values.fire.includes(name)),
    panelsOnly: values.panels,
    factor,
    report: values.report ?? null,
    record: values.record,
  };
}
