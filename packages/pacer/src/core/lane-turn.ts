/** Which lane of one member comes next: otp first; standard and bulk share nineteen to one while both wait. */
import type { Lane } from "../item.ts";

/** Standard items in a row while bulk waited. */
export type Run = number;

export function isBulkOwed(run: Run, standardPerBulk: number): boolean {
  return run >= standardPerBulk;
}

export function runAfter(run: Run, picked: Lane, bulkWaits: boolean): Run {
  if (picked === "bulk") return 0;
  if (picked === "standard" && bulkWaits) return run + 1;
  return run;
}
