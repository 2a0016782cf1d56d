/** How often a session may mark messages as read: a dated data file, read once. */
import data from "./read-mark-limits.json" with { type: "json" };
import type { ProviderName } from "./send.ts";

export const readMarksPerMinute: Record<ProviderName, number> = data.calls_per_minute;
