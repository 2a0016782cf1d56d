/**
 * What must leave on time goes before what tells of it: where everything shares one machine, the parts that only tell step back
 * while the processor is full, as a cluster's CPU requests would have them. Without it a broadcast's receipts slow down its sends
 * and the one-time passwords between them.
 */
import { writeFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";

/** Behind those that started it: a third of the weight of a process that does not yield. */
const behind = 5;
const most = 19;

/** Best effort: a machine that refuses it is only slower. */
export function makeYield(pid: number): void {
  try {
    const niceness = Math.min(most, getPriority() + behind);
    setPriority(pid, niceness);
    // Linux may weigh sessions against each other and processes inside of one only; each of ours is a session of its own.
    writeFileSync(`/proc/${pid}/autogroup`, String(niceness));
  } catch {
    // No such file on other systems, or not twice within a tenth of a second without being root.
  }
}
