/** Absolute figures mean something only beside the machine they were measured on. */
import { availableParallelism, cpus, totalmem } from "node:os";

export function machine(): { cpu: string; cores: number; memory_gb: number; node: string; at: string } {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    at: new Date().toISOString(),
  };
}
