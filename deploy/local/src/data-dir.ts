// The folder in which an embedded stack keeps its data: whole, or wiped. A marker file says which.
import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, readlink, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { isListening } from "./ports.ts";
import { StackUnavailable } from "./unavailable.ts";

export type DataDir = {
  path: string;
  marker: Marker;
  /** False when it was made just now, or made anew because it was half-made. */
  wasWhole: boolean;
  /** Call when every server has its data: from now on the folder is reused. */
  markWhole(ports: number[]): Promise<void>;
};

/** What must stay the same as long as the data lives. */
export type Marker = {
  state: "making" | "whole";
  clusterId: string;
  postgresPassword: string;
  /** Of the last start, to notice a stack that still runs. */
  ports: number[];
};

const MARKER = "wamesh-stack.json";

/**
 * `patienceMs`: for the servers of a stack that was killed with -9, which need up to 2 s to be ended (see lifeline.ts);
 * those that still listen after it belong to a stack that lives.
 */
export async function openDataDir(
  path: string,
  log: (line: string) => void,
  patienceMs = 5000,
): Promise<DataDir> {
  const found = await readMarker(path);
  if (found) await untilDown(path, found.ports, patienceMs);
  const wasWhole = found?.state === "whole";
  if (found && !wasWhole) log(`Wiping ${path}, which an earlier start left half-made.`);
  if (!wasWhole) await wipeDataDir(path);
  const marker: Marker = wasWhole
    ? found
    : {
        state: "making",
        // As Kafka makes them, 22 characters; the first bits are cleared because its tool takes a leading "-" for an option.
        clusterId: Buffer.concat([Buffer.from([1]), randomBytes(15)]).toString("base64url"),
        postgresPassword: randomBytes(18).toString("base64url"),
        ports: [],
      };
  await writeMarker(path, marker);
  return {
    path,
    marker,
    wasWhole,
    markWhole: (ports) => writeMarker(path, { ...marker, state: "whole", ports }),
  };
}

/** Removes the folder with everything in it. Refuses a folder with content that no stack has made. */
export async function wipeDataDir(path: string): Promise<void> {
  const content: string[] = await readdir(path).catch(() => []);
  if (content.length > 0 && !content.includes(MARKER)) {
    throw new StackUnavailable(
      `${path} is not empty and not a stack's data: name another folder, or empty it.`,
    );
  }
  // Postgres may live elsewhere, behind a link; see postgres-place.ts.
  const elsewhere = await readlink(join(path, "postgres")).catch(() => undefined);
  for (const folder of [...(elsewhere ? [elsewhere] : []), path]) {
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function readMarker(path: string): Promise<Marker | undefined> {
  try {
    return JSON.parse(await readFile(join(path, MARKER), "utf8")) as Marker;
  } catch {
    return undefined;
  }
}

async function writeMarker(path: string, marker: Marker): Promise<void> {
  await mkdir(path, { recursive: true });
  const file = join(path, MARKER);
  await writeFile(`${file}.new`, `${JSON.stringify(marker)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function untilDown(path: string, ports: number[], patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const alive = (await Promise.all(ports.map(isListening))).some(Boolean);
    if (!alive) return;
    if (Date.now() > deadline) {
      throw new StackUnavailable(`a stack is still running on ${path}: stop it, or name another folder.`);
    }
    await delay(100);
  }
}
