/** Files of messages, fetched and uploaded beside the sends: the guard asks, nothing that leaves waits for it. */
import type { OutboundMessage } from "@wamesh/events";
import { type MediaClient, type MediaKind, mediaLimits, type SenderSession } from "@wamesh/providers";
import type { FetchFile } from "./fetch-file.ts";
import { type Asked, askOf, type KnownFile, nextOf, restMs } from "./known-file.ts";
import { fileOf } from "./message-file.ts";
import { type Begun, type Ended, type FileKey, type UploadStore, urlHash } from "./store.ts";

type WithFile = Pick<OutboundMessage, "tenant" | "session" | "provider" | "content">;

export type Uploads = {
  /** Null: the message has no file to upload. Never waits. */
  ask(record: WithFile): Asked | null;
  /** The provider found something wrong with the message, perhaps the id of its file: it may have been deleted there. */
  refused(record: WithFile): void;
};

export type UploadsDeps = {
  store: UploadStore;
  fetchFile: FetchFile;
  client: Pick<MediaClient, "upload">;
  /** Null: the session is not known, or its credentials can't be opened. */
  sender: (sessionId: string) => SenderSession | null;
  count: (ended: string) => void;
  log: Record<"info" | "warn", (fields: object, message: string) => void>;
  monotonicMs: () => number;
};

type Job = FileKey & { tenant: string; key: string; url: string };

const deadlineMs = 60_000;
/** Fetching and uploading, and some more: a process that was killed is not waited for any longer. */
const leaseMs = 2 * deadlineMs + 10_000;
/** Somebody else is at it. */
const theirsMs = 2_000;
const unusableForMs = 600_000;
/** A younger id is not to blame: a campaign with a wrong caption does not upload its file for each message. */
const distrustAfterMs = 600_000;
const storeRestMs = 5_000;
/** What is forgotten is read again from the store. */
const maxKnown = 20_000;
/** Each may hold a file in memory. */
const places = { all: 8, perTenant: 2 };
const tidyEveryMs = 3_600_000;

export function startUploads(deps: UploadsDeps): Uploads & { stop(): Promise<void> } {
  const { store, log, monotonicMs: now } = deps;
  const known = new Map<string, KnownFile>();
  const waiting: Job[] = [];
  const running = new Map<Job, Promise<void>>();
  const stopping = new AbortController();
  const timer = setInterval(() => {
    store.tidy().catch((err: unknown) => log.warn({ err }, "uploads not tidied"));
  }, tidyEveryMs);
  timer.unref();

  function learn(key: string, file: KnownFile): void {
    known.delete(key);
    known.set(key, file);
    for (const [oldest, { kind }] of known) {
      if (known.size <= maxKnown) break;
      if (kind !== "busy") known.delete(oldest);
    }
  }

  function startNext(): void {
    for (;;) {
      const job = stopping.signal.aborted ? null : nextOf(waiting, [...running.keys()], places);
      if (job === null) return;
      waiting.splice(waiting.indexOf(job), 1);
      const done = work(job)
        .catch((err: unknown): KnownFile => {
          log.warn({ err, tenant: job.tenant, session: job.session }, "upload waits for the store");
          const why = "What is known of the file can't be read.";
          return { kind: "failed", why, until: now() + storeRestMs, failures: 1 };
        })
        .then((file) => {
          learn(job.key, file);
          running.delete(job);
          startNext();
        });
      running.set(job, done);
    }
  }

  async function work(job: Job): Promise<KnownFile> {
    const begun = await store.begin(job, leaseMs);
    if (begun.kind !== "ours") return fromStore(begun, now());
    const ended = await transfer(job, begun.failures + 1);
    await store.end(job, ended);
    deps.count(ended.state);
    log.info(
      { tenant: job.tenant, session: job.session, kind: job.kind, ended: ended.state },
      "file handled",
    );
    const until = now() + ended.forMs;
    return ended.state === "uploaded"
      ? { kind: "uploaded", id: ended.providerId, until }
      : { kind: ended.state, why: ended.why, until, failures: begun.failures + 1 };
  }

  async function transfer(job: Job, failures: number): Promise<Ended> {
    const failed = (why: string, waitMs: number | null = null): Ended => ({
      ...{ state: "failed", why, forMs: restMs(failures, waitMs) },
    });
    const sender = deps.sender(job.session);
    if (sender === null) return failed("The session's credentials can't be opened.");
    const deadline = () => AbortSignal.any([stopping.signal, AbortSignal.timeout(deadlineMs)]);
    const fetched = await deps.fetchFile(job.url, job.kind as MediaKind, deadline());
    if (fetched.kind === "later") return failed(fetched.why);
    if (fetched.kind === "unusable") return { state: "unusable", why: fetched.why, forMs: unusableForMs };
    const uploaded = await deps.client.upload(sender, fetched.file, deadline());
    switch (uploaded.kind) {
      case "uploaded":
        return { state: "uploaded", providerId: uploaded.id, forMs: mediaLimits.usedForMs };
      case "refused":
        return { state: "unusable", why: uploaded.detail, forMs: unusableForMs };
      case "unsure":
        return failed(`The file could not be uploaded: ${uploaded.why}`, uploaded.waitMs);
    }
  }

  return {
    ask(record) {
      const job = jobOf(record);
      if (job === null) return null;
      const { asked, start } = askOf(known.get(job.key), now());
      if (start) {
        learn(job.key, { kind: "busy", since: now() });
        waiting.push(job);
        startNext();
      }
      return asked;
    },
    refused(record) {
      const job = jobOf(record);
      const file = job === null ? undefined : known.get(job.key);
      if (job === null || file?.kind !== "uploaded") return;
      if (file.until - now() > mediaLimits.usedForMs - distrustAfterMs) return;
      learn(job.key, { kind: "busy", since: now() });
      store
        .distrust(job)
        .catch((err: unknown) => log.warn({ err, session: job.session }, "an upload stays in use"))
        .finally(() => known.delete(job.key));
    },
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}

/** Null: nothing is to be uploaded. */
function jobOf(record: WithFile): Job | null {
  const file = fileOf(record);
  if (file === null) return null;
  const { tenant, session } = record;
  const { kind, url } = file;
  const hash = urlHash(url);
  return { tenant, session, kind, urlHash: hash, key: `${session} ${kind} ${hash}`, url };
}

function fromStore(begun: Exclude<Begun, { kind: "ours" }>, now: number): KnownFile {
  switch (begun.kind) {
    case "uploaded":
      return { kind: "uploaded", id: begun.id, until: now + begun.leftMs };
    case "theirs":
      return { kind: "failed", why: null, until: now + Math.min(begun.leftMs, theirsMs), failures: 0 };
    default:
      return { kind: begun.kind, why: begun.why, until: now + begun.leftMs, failures: begun.failures };
  }
}
