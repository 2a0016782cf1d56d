/** One fresh process that reads the configuration as the dispatcher does, which keeps the most of it; says in one line of JSON what that cost. */

import { openDirectory } from "@wamesh/directory";
import { createCodec, topics } from "@wamesh/events";
import { openKafka } from "@wamesh/kafka";
import type { Loaded } from "../config.ts";

const [kafkaBrokers = "", registryUrl = "", tenants = "", sessions = ""] = process.argv.slice(2);
const kafka = openKafka({ brokers: kafkaBrokers, clientId: "bench", log: () => {} });
const codec = await createCodec({ registryUrl, topics: [topics.tenantConfig, topics.sessionState] });

/** Bytes in use, with garbage away; buffers lie outside of the heap. */
function used(): { heap: number; rss: number } {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

const before = used();
const begun = performance.now();
const directory = await openDirectory({ kafka, codec, credentials: true });
await directory.ready;
const loadMs = performance.now() - begun;
const after = used();
const known = Array.from({ length: Number(tenants) }, (_, n) => directory.sessionsOf(`tenant-${n}`).length);
const megabytes = (bytes: number) => bytes / 2 ** 20;
const loaded: Loaded = {
  loadMs,
  heapMb: megabytes(after.heap - before.heap),
  rssMb: megabytes(after.rss - before.rss),
  complete:
    known.every((count, n) => count > 0 && directory.tenant(`tenant-${n}`) !== undefined) &&
    known.reduce((sum, count) => sum + count, 0) === Number(sessions),
};
await directory.stop();
console.log(JSON.stringify(loaded));
