/** A run, and what came of it: told on the screen, written as a report if asked for. */
import { writeFileSync } from "node:fs";
import { listViolations, type Receiver, violationInWords } from "@wamesh/testing/outside";
import type { Flags } from "./flags.ts";
import type { Provisioned } from "./provision.ts";
import { broken, makeReport } from "./report.ts";
import { run } from "./run.ts";
import type { Stage } from "./stage.ts";
import { summary } from "./summary.ts";

/** `faults` are the claims that did not hold, in words. */
export async function runAndJudge(
  stage: Stage,
  receiver: Receiver,
  flags: Flags,
  startedAtMs: number,
): Promise<{ faults: string[]; provisioned: Provisioned }> {
  const { evidence, provisioned } = await run(stage, receiver, flags, startedAtMs);
  const report = makeReport(evidence);
  if (flags.report !== null) writeFileSync(flags.report, `${JSON.stringify(report, null, 2)}\n`);
  const faults = broken(report);
  console.log(summary(report, faults));
  if (report.provider.rate_violations > 0) {
    const rows = await listViolations(stage.simulator);
    console.log(rows.slice(0, 10).map(violationInWords).join("\n"));
  }
  return { faults, provisioned };
}
