/** The SQL of uploads. Any process may write here: who inserts a row first, or takes over one whose time has run out, fetches the file. */
import { createHash } from "node:crypto";
import type { Sql } from "@wamesh/store";

export type FileKey = { session: string; kind: string; urlHash: string };

export type Ended =
  | { state: "uploaded"; providerId: string; forMs: number }
  | { state: "unusable" | "failed"; why: string; forMs: number };

export type Begun =
  | { kind: "ours"; failures: number }
  /** As `Ended`, for so long still; or in other hands. */
  | { kind: "theirs"; leftMs: number }
  | { kind: "uploaded"; id: string; leftMs: number }
  | { kind: "unusable" | "failed"; why: string; failures: number; leftMs: number };

type Row = { state: string; provider_id: string | null; why: string | null; failures: number; left: number };

export function urlHash(url: string): string {
  return createHash("sha256").update(url).digest("base64url");
}

export type UploadStore = ReturnType<typeof createUploadStore>;

/** `sql`: a pool whose search_path is the schema of the schedule. */
export function createUploadStore(sql: Sql) {
  return {
    /** Ours for `forMs`, unless what is known holds. */
    async begin({ session, kind, urlHash }: FileKey, forMs: number): Promise<Begun> {
      const [ours] = await sql<{ failures: number }[]>`
        insert into media_upload as known (session, kind, url_hash, state, holds_until)
        values (${session}, ${kind}, ${urlHash}, 'uploading', now_ms() + ${forMs}::bigint)
        on conflict (session, kind, url_hash) do update set
          state = 'uploading', holds_until = excluded.holds_until, provider_id = null, why = null
        where known.holds_until <= now_ms()
        returning failures`;
      if (ours !== undefined) return { kind: "ours", failures: ours.failures };
      const [row] = await sql<Row[]>`
        select state, provider_id, why, failures, holds_until - now_ms() as left from media_upload
        where session = ${session} and kind = ${kind} and url_hash = ${urlHash}`;
      return row === undefined ? { kind: "theirs", leftMs: 0 } : toBegun(row);
    },

    /** Told twice, or by two processes, the last word counts: either id is good. */
    async end({ session, kind, urlHash }: FileKey, ended: Ended): Promise<void> {
      const { state, forMs } = ended;
      await sql`
        update media_upload set state = ${state}, holds_until = now_ms() + ${Math.ceil(forMs)}::bigint,
          provider_id = ${state === "uploaded" ? ended.providerId : null},
          why = ${state === "uploaded" ? null : ended.why},
          failures = ${state === "failed" ? sql`failures + 1` : 0}
        where session = ${session} and kind = ${kind} and url_hash = ${urlHash}`;
    },

    /** Its id is not trusted any more: whoever asks next uploads it again. */
    async distrust({ session, kind, urlHash }: FileKey): Promise<void> {
      await sql`
        update media_upload set holds_until = now_ms()
        where session = ${session} and kind = ${kind} and url_hash = ${urlHash} and state = 'uploaded'`;
    },

    /** What nobody asked for since a day after its time ran out. */
    async tidy(): Promise<void> {
      await sql`delete from media_upload where holds_until < (select now_ms()) - 86400000`;
    },
  };
}

function toBegun({ state, provider_id, why, failures, left }: Row): Begun {
  const leftMs = Math.max(0, left);
  if (state === "uploaded") return { kind: "uploaded", id: provider_id!, leftMs };
  if (state === "uploading") return { kind: "theirs", leftMs };
  return { kind: state as "unusable" | "failed", why: why ?? "", failures, leftMs };
}
