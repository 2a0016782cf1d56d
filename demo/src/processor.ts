/** CPU time of the mesh's processes over a run, restarts included. Empty where there is no /proc (macOS). */
import { cpuUs, treeCpuUs } from "@wamesh/testing/outside";

export type Meter = {
  look(): void;
  /** ms used since the meter was made, by name. */
  usedMs(): Record<string, number>;
};

/** Look often enough: what a process used between the last look and its end is not seen. */
export function openMeter(pids: () => Record<string, number | undefined>): Meter {
  const before = new Map<string, number>();
  const used: Record<string, number> = {};
  const look = () => {
    for (const [name, pid] of Object.entries(pids())) {
      if (pid === undefined) continue;
      // Postgres works in children; the demo itself has the whole mesh for children.
      const now = name === "postgres" ? treeCpuUs(pid) : cpuUs(pid);
      if (Number.isNaN(now)) continue;
      const last = before.get(`${name} ${pid}`) ?? (name in used ? 0 : now);
      before.set(`${name} ${pid}`, now);
      used[name] = (used[name] ?? 0) + (now - last) / 1000;
    }
  };
  look();
  return { look, usedMs: () => ({ ...used }) };
}
