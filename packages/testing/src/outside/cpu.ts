/** What processes have used so far, from /proc: the only place that tells it of a process which is not ours. */
import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks of /proc are hundredths of a second on every Linux that node runs on. */
const tickUs = 10_000;

/** User and system CPU in µs; not a number where there is no /proc, and of a process that is gone. */
export function cpuUs(pid: number | undefined): number {
  const stat = statOf(pid);
  return stat === null ? Number.NaN : (stat.own[0] + stat.own[1]) * tickUs;
}

/** With its children, living and ended: Postgres' work is done by backends that come and go. */
export function treeCpuUs(pid: number | undefined): number {
  const root = statOf(pid);
  if (root === null) return Number.NaN;
  let ticks = root.own[0] + root.own[1] + root.ended[0] + root.ended[1];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const child = statOf(Number(name));
    if (child !== null && child.parent === pid) ticks += child.own[0] + child.own[1];
  }
  return ticks * tickUs;
}

/** Resident memory in MB; not a number without /proc. */
export function rssMb(pid: number | undefined): number {
  try {
    const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kb === undefined ? Number.NaN : Math.round(Number(kb) / 1024);
  } catch {
    return Number.NaN;
  }
}

type Stat = { parent: number; own: [number, number]; ended: [number, number] };

function statOf(pid: number | undefined): Stat | null {
  if (pid === undefined) return null;
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in brackets, may hold blanks; what follows it may not.
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    const at = (index: number) => Number(fields[index]);
    return { parent: at(1), own: [at(11), at(12)], ended: [at(13), at(14)] };
  } catch {
    return null;
  }
}
