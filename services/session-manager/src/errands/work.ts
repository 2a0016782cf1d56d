/** What a kind of errand is: one try at the provider, and what follows from it in our own rows. */
import type { Managed, WasenderAccount } from "@wamesh/providers";
import type { Change } from "../change.ts";
import type { Open, PlainCredentials, Seal } from "../credentials.ts";
import type { CredentialRow, SessionRow } from "../rows.ts";
import type { Ended } from "./errand.ts";
import type { ErrandRow } from "./errand-rows.ts";

export type Task = {
  errand: ErrandRow;
  session: SessionRow;
  sealed: CredentialRow | undefined;
  /** Deadline of each call. */
  deadline: () => AbortSignal;
};

export type Outcome = {
  ended: Ended;
  /** In the transaction that settles the errand, if nobody else has changed it meanwhile. The row is locked. */
  apply?: (change: Change, row: SessionRow) => Promise<void>;
};

export type Work = (task: Task) => Promise<Outcome>;

export type WorkDeps = {
  account: WasenderAccount;
  open: Open;
  seal: Seal;
  hashCallbackSecret(secret: string): string;
  publicOrigin: string;
  random: () => number;
};

/** A call that was not answered with what was asked for, as the end of a try. */
export function endedBy(managed: Exclude<Managed<unknown>, { kind: "done" }>): Ended {
  return managed.kind === "refused"
    ? { kind: "refused", detail: managed.detail }
    : { kind: "again", detail: managed.detail, retryAfterMs: managed.retryAfterMs };
}

/** The account's token with the rest of a WasenderApi session's credentials, or the end of the try. */
export function openManaged(
  open: Open,
  { session, sealed }: Task,
):
  | { kind: "ready"; plain: Extract<PlainCredentials, { kind: "wasender" }>; token: string }
  | { kind: "ended"; ended: Ended } {
  const opened = open(sealed, { tenant: session.tenant, session: session.id });
  if (opened.kind !== "opened")
    return { kind: "ended", ended: { kind: "again", detail: opened.why, retryAfterMs: null } };
  const { plain } = opened;
  if (plain.kind !== "wasender" || plain.accountToken === undefined)
    return { kind: "ended", ended: { kind: "refused", detail: "The account's token is not on record" } };
  return { kind: "ready", plain, token: plain.accountToken };
}
