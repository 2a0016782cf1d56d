/** The judgement: ledgers in, findings out. Pure. */
import type { Evidence } from "../ledgers.ts";
import { findAstray } from "./astray.ts";
import { findDoubled } from "./doubled.ts";
import type { Finding } from "./finding.ts";
import { findLost } from "./lost.ts";
import { findOrderBreaks } from "./order.ts";

export type { Finding } from "./finding.ts";

export function check(evidence: Evidence): Finding[] {
  return [
    ...findLost(evidence),
    ...findDoubled(evidence),
    ...findOrderBreaks(evidence),
    ...findAstray(evidence),
    ...evidence.violations.map((violation) => ({
      kind: "rate" as const,
      id: null,
      what: `${violation.sender} sent ${violation.early_by_ms} ms too early at ${new Date(violation.at_ms).toISOString()}`,
    })),
  ];
}
