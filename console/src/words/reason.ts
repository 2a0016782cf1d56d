/** Reason codes in plain language: the registry's own texts, so that the console says what the API says. Pure. */
import { reasonCodes } from "@wamesh/events/reasons";
import { spelled } from "./tone.ts";

export type Explanation = { title: string; meaning: string; remedy: string | null; fault: string | null };

const rows: Readonly<Record<string, { fault_class: string; meaning: string; remedy: string }>> = reasonCodes;

/** Whose fault it is, as one would say it. */
const faults: Readonly<Record<string, string>> = {
  recipient: "the recipient",
  content: "the content",
  policy: "a policy",
  pace: "the pace",
  credentials: "the session's credentials",
  provider: "the provider",
  platform: "this mesh",
};

export function explain(code: string, faultClass: string | null = null): Explanation {
  const row = rows[code];
  const remedy = row?.remedy ?? null;
  return {
    title: spelled(code),
    meaning: row?.meaning ?? "This code is newer than the console; the API reference explains it.",
    // The registry says "None needed." where nothing is to be done: that is no advice.
    remedy: remedy === null || remedy === "None needed." ? null : remedy,
    fault: faults[faultClass ?? row?.fault_class ?? ""] ?? null,
  };
}
