/** Resident memory of processes, as the operating system counts it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** MB per name; a process that is away is left out. `ps` exists on Linux and macOS. */
export async function residentMb(pids: Record<string, number | undefined>): Promise<Record<string, number>> {
  const alive = Object.entries(pids).filter((entry): entry is [string, number] => entry[1] !== undefined);
  if (alive.length === 0) return {};
  const { stdout } = await promisify(execFile)("ps", [
    "-o",
    "pid=,rss=",
    "-p",
    alive.map(([, pid]) => pid).join(","),
  ]).catch(() => ({ stdout: "" }));
  const kb = new Map(
    stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number) as [number, number]),
  );
  return Object.fromEntries(
    alive.flatMap(([name, pid]) => (kb.has(pid) ? [[name, (kb.get(pid) ?? 0) / 1024]] : [])),
  );
}
