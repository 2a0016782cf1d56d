/** How long a process takes to know every tenant, key and session from the two compacted topics, and what it holds then. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createCodec, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import { deployedHeapFlags } from "@wamesh/local";
import { startStack, wipeDataDir } from "@wamesh/local/stack";
import { registerSchemas } from "../../deploy/schemas.ts";
import { ensureTopics } from "../../deploy/topics.ts";
import { publishConfig } from "./config/publish.ts";
import { newDataDir } from "./place.ts";
import type { Bench } from "./report.ts";
import { median } from "./statistics.ts";

/** What a reading process found; megabytes beyond what it had before. */
export type Loaded = { loadMs: number; heapMb: number; rssMb: number; complete: boolean };

const count = { tenants: 2_000, sessions: 10_000 };
const processes = 5;

export const config: Bench = {
  about: "loading the configuration of 10,000 sessions and 2,000 tenants into a fresh process",
  targets: { load_ms: "< 5000", load_ms_most: "< 5000", rss_mb: "< 60", rss_mb_most: "< 60" },
  async run({ log }) {
    const dataDir = newDataDir();
    const stack = await startStack({ dataDir, log });
    try {
      const { kafkaBrokers, registryUrl } = stack;
      const kafka = openKafka({ brokers: kafkaBrokers, clientId: "bench", log: () => {} });
      await ensureTopics({ kafka, profile: "local", replicationFactor: 1, log: () => {} });
      await registerSchemas({ registryUrl, log: () => {} });
      const codec = await createCodec({ registryUrl });
      const partitions = await kafka.partitions(topics.sessionState.name);
      const producer = kafka.producer();
      await publishConfig({ codec, producer, partitions }, count);
      await producer.close();
      const loads: Loaded[] = [];
      for (let n = 0; n < processes; n++) {
        const loaded = await load(kafkaBrokers, registryUrl);
        log(
          `  ${Math.round(loaded.loadMs)} ms, ${loaded.heapMb.toFixed(1)} MB in use, ${loaded.rssMb.toFixed(1)} MB resident`,
        );
        if (!loaded.complete) throw new Error("a process called itself ready and did not know all of it");
        loads.push(loaded);
      }
      const of = (name: "loadMs" | "heapMb" | "rssMb") => loads.map((loaded) => loaded[name]);
      const rounded = (value: number) => Number(value.toFixed(1));
      return {
        load_ms: Math.round(median(of("loadMs"))),
        load_ms_most: Math.round(Math.max(...of("loadMs"))),
        heap_mb: rounded(median(of("heapMb"))),
        rss_mb: rounded(median(of("rssMb"))),
        rss_mb_most: rounded(Math.max(...of("rssMb"))),
      };
    } finally {
      await stack.stop();
      if (stack.source === "embedded") await wipeDataDir(dataDir);
    }
  },
};

/** In a process of its own, with the heap of a deployed service. */
async function load(kafkaBrokers: string, registryUrl: string): Promise<Loaded> {
  const reader = join(import.meta.dirname, "config/reader.ts");
  const args = ["--expose-gc", ...deployedHeapFlags, reader, kafkaBrokers, registryUrl];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...args,
    String(count.tenants),
    String(count.sessions),
  ]);
  return JSON.parse(stdout) as Loaded;
}
