/** What a service keeps in its heap once its garbage is collected, asked through Node's inspector. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mesh } from "@wamesh/local";

/** For the environment of services whose heap is to be asked: each says in its log where its inspector listens. */
export const inspected = { NODE_OPTIONS: "--inspect=127.0.0.1:0" };

const patienceMs = 20_000;

/** By process, in MB, array buffers included. Collects each one's garbage first, which stops it for some 50 ms. */
export async function heapsAfterCollection(mesh: Mesh, dataDir: string): Promise<Record<string, number>> {
  const heaps: Record<string, number> = {};
  for (const { name } of Object.values(mesh.instances).flat())
    heaps[name] = await heapAfterCollectionMb(inspectorUrl(join(dataDir, "logs", `${name}.log`)));
  return heaps;
}

function inspectorUrl(logFile: string): string {
  const said = readFileSync(logFile, "utf8").matchAll(/^Debugger listening on (ws:\S+)$/gm);
  const url = [...said].at(-1)?.[1];
  if (url === undefined) throw new Error(`${logFile} names no inspector`);
  return url;
}

async function heapAfterCollectionMb(url: string): Promise<number> {
  const socket = new WebSocket(url);
  try {
    await heard(socket, "open");
    await ask(socket, 1, "HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = await ask(socket, 2, "Runtime.getHeapUsage");
    return (Number(usedSize) + Number(backingStorageSize)) / 2 ** 20;
  } finally {
    socket.close();
  }
}

async function ask(socket: WebSocket, id: number, method: string): Promise<Record<string, unknown>> {
  const answer = heard(socket, "message");
  socket.send(JSON.stringify({ id, method }));
  const { result } = JSON.parse(String(((await answer) as MessageEvent).data)) as {
    result: Record<string, unknown>;
  };
  return result;
}

/** No domain is enabled, so that nothing is heard but answers, in order. */
function heard(socket: WebSocket, kind: "open" | "message"): Promise<Event> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(patienceMs);
    signal.addEventListener("abort", () => reject(new Error(`${socket.url} is silent`)), { once: true });
    socket.addEventListener("error", () => reject(new Error(`${socket.url} can't be reached`)), {
      once: true,
    });
    socket.addEventListener(kind, resolve, { once: true });
  });
}
