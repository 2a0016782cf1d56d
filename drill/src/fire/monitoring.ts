/** A real Prometheus, a real Alertmanager and, where it is installed, a real node_exporter, on loopback and free ports. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, httpReady, type SupervisedProcess, superviseProcess } from "@wamesh/local";
import { stringify } from "yaml";
import type { Group } from "../../../deploy/prometheus/rules.ts";
import { findTool } from "./tools.ts";

export type Target = { job: string; instance: string /** host:port */; address: string };
export type Series = { labels: Record<string, string>; value: number };
export type FiringAlert = { alert: string; severity: string; labels: Record<string, string> };

export type Monitoring = {
  /** An instant query. */
  query(expr: string): Promise<Series[]>;
  /** What Alertmanager holds as active now. */
  firing(): Promise<FiringAlert[]>;
  /** Rules that Prometheus could not evaluate, in words. */
  brokenRules(): Promise<string[]>;
  close(): Promise<void>;
};

export async function startMonitoring(options: {
  dir: string;
  groups: readonly Group[];
  /** Asked every second: a process that is started again listens elsewhere. */
  targets: () => readonly Target[];
  /** Folder whose disk node_exporter watches; null: none. */
  watchedMount: string | null;
}): Promise<Monitoring> {
  const { dir } = options;
  mkdirSync(dir, { recursive: true });
  const [prometheusPort, alertmanagerPort, nodePort] = [await freePort(), await freePort(), await freePort()];
  const file = (name: string, content: object) => {
    // A reader sees all of it or nothing.
    writeFileSync(
      join(dir, `${name}.new`),
      name.endsWith(".json") ? JSON.stringify(content) : stringify(content),
    );
    renameSync(join(dir, `${name}.new`), join(dir, name));
  };
  let last: readonly Target[] = [];
  const writeTargets = () => {
    try {
      last = options.targets();
    } catch {
      // A process that is starting has not said yet where it listens: its old address stands until then.
    }
    file(
      "targets.json",
      last.map(({ address, ...labels }) => ({ targets: [address], labels })),
    );
  };
  writeTargets();
  file("rules.yml", { groups: options.groups });
  file("alertmanager.yml", {
    route: { receiver: "nobody", group_by: ["..."], group_wait: "0s", group_interval: "1s" },
    receivers: [{ name: "nobody" }],
  });
  file("prometheus.yml", {
    global: {
      scrape_interval: "1s",
      scrape_timeout: "900ms",
      evaluation_interval: "1s",
      external_labels: { runbooks: "docs/runbooks" },
    },
    rule_files: ["rules.yml"],
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }] },
    scrape_configs: [
      { job_name: "mesh", file_sd_configs: [{ files: ["targets.json"], refresh_interval: "1s" }] },
      // Its other disks are this machine's, and none of the drill's business.
      ...(options.watchedMount === null
        ? []
        : [
            {
              job_name: "node",
              static_configs: [{ targets: [`127.0.0.1:${nodePort}`] }],
              metric_relabel_configs: [
                { source_labels: ["mountpoint"], regex: options.watchedMount, action: "keep" },
              ],
            },
          ]),
    ],
  });

  const processes: SupervisedProcess[] = [];
  const start = async (name: string, command: [string, ...string[]], ready: string) => {
    processes.push(
      await superviseProcess({
        name,
        command,
        cwd: dir,
        env: process.env,
        logFile: join(dir, `${name}.log`),
        ready: httpReady(ready),
      }),
    );
  };
  const origin = `http://127.0.0.1:${prometheusPort}`;
  const alertmanager = `http://127.0.0.1:${alertmanagerPort}`;
  await start(
    "alertmanager",
    [
      findTool("alertmanager"),
      "--config.file=alertmanager.yml",
      "--storage.path=alertmanager",
      `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
      "--cluster.listen-address=",
    ],
    `${alertmanager}/-/ready`,
  );
  if (options.watchedMount !== null)
    await start(
      "node_exporter",
      [
        findTool("node_exporter"),
        `--web.listen-address=127.0.0.1:${nodePort}`,
        "--collector.disable-defaults",
        "--collector.filesystem",
      ],
      `http://127.0.0.1:${nodePort}/metrics`,
    );
  await start(
    "prometheus",
    [
      findTool("prometheus"),
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=prometheus",
      `--web.listen-address=127.0.0.1:${prometheusPort}`,
      "--rules.alert.resend-delay=1s",
      "--query.lookback-delta=5s",
    ],
    `${origin}/-/ready`,
  );
  const rewrite = setInterval(writeTargets, 1000);

  const ask = async <Answer>(url: string): Promise<Answer> => {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  return {
    async query(expr) {
      const { data } = await ask<{
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
      }>(`${origin}/api/v1/query?query=${encodeURIComponent(expr)}`);
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
    async firing() {
      const found = await ask<{ labels: Record<string, string> }[]>(
        `${alertmanager}/api/v2/alerts?active=true&silenced=false&inhibited=false`,
      );
      return found.map(({ labels }) => ({
        alert: labels.alertname as string,
        severity: labels.severity as string,
        labels,
      }));
    },
    async brokenRules() {
      const { data } = await ask<{
        data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
      }>(`${origin}/api/v1/rules`);
      return data.groups
        .flatMap(({ rules }) => rules)
        .filter(({ health }) => health === "err")
        .map(({ name, lastError }) => `${name}: ${lastError}`);
    },
    async close() {
      clearInterval(rewrite);
      for (const one of processes.reverse()) await one.stop();
    },
  };
}
