/** A process in numbers: who it is, its memory, its event loop, its certificates. */
import { readdirSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { gauge, observe } from "@wamesh/metrics";
import { certificateExpiries } from "./certificates.ts";

export function measureProcess(of: { service: string; version: string; isReady: () => boolean }): void {
  const { service, version } = of;
  gauge("process_info").set(1, { service, version, node: process.version });
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  const expiries = certificateExpiries(process.env);
  observe((say) => {
    const { rss, heapUsed } = process.memoryUsage();
    say("process_ready", of.isReady() ? 1 : 0);
    say("process_resident_memory_bytes", rss);
    say("process_heap_used_bytes", heapUsed);
    const { user, system } = process.cpuUsage();
    say("process_cpu_seconds_total", (user + system) / 1e6);
    say("process_event_loop_delay_p99_seconds", delay.percentile(99) / 1e9);
    delay.reset();
    for (const { setting, atMs } of expiries)
      say("certificate_expiry_seconds", Math.round((atMs - Date.now()) / 1000), { setting });
    const fds = openFds();
    if (fds !== null) say("process_open_fds", fds);
  });
}

function openFds(): number | null {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return null;
  }
}
