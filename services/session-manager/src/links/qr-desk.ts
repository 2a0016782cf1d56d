/**
 * The QR code of a session that wants to be scanned, fresh from its provider. A code is a login secret: it is in no topic, no
 * log and no table, only here for seconds, so that ten open pages are one call.
 */
import type { WasenderAccount } from "@wamesh/providers";
import { type Changer, ourselves } from "../change.ts";
import type { Open } from "../credentials.ts";
import { observe } from "../observe.ts";
import type { SessionRow } from "../rows.ts";
import { findCredentials, isPending } from "../session-change.ts";

export type Shown =
  | { kind: "scan"; qr: string }
  /** Nothing to scan now; `status` is the session's. */
  | { kind: "status"; status: SessionRow["status"]; detail: string }
  /** The session's provider has no QR codes, or nothing lets us ask for one. */
  | { kind: "unable"; why: "provider" | "account_token" };

export type QrDesk = (row: SessionRow) => Promise<Shown>;

/** A code is valid for 45 s at the provider and is shown no longer than a small part of that. */
const keptMs = 5_000;
const deadlineMs = 10_000;

export function createQrDesk(deps: {
  changer: Changer;
  account: WasenderAccount;
  open: Open;
  now: () => number;
  random: () => number;
}): QrDesk {
  const kept = new Map<string, { untilMs: number; shown: Promise<Shown> }>();

  return (row) => {
    const nowMs = deps.now();
    for (const [id, { untilMs }] of kept) if (untilMs <= nowMs) kept.delete(id);
    const known = kept.get(row.id);
    if (known !== undefined) return known.shown;
    const shown = show(row);
    kept.set(row.id, { untilMs: nowMs + keptMs, shown });
    return shown;
  };

  async function show(row: SessionRow): Promise<Shown> {
    if (row.provider !== "wasender") return { kind: "unable", why: "provider" };
    const status = (detail: string): Shown => ({ kind: "status", status: row.status, detail });
    if (row.status === "connected" || row.status === "suspended" || isPending(row)) return status("");
    const sealed = await deps.changer.read([row.tenant], (tx) => findCredentials(tx, row.id));
    const opened = deps.open(sealed, { tenant: row.tenant, session: row.id });
    if (opened.kind !== "opened") return status(opened.why);
    const token = opened.plain.kind === "wasender" ? opened.plain.accountToken : undefined;
    if (token === undefined) return { kind: "unable", why: "account_token" };

    const deadline = () => AbortSignal.timeout(deadlineMs);
    const code = await deps.account.qr(token, row.provider_ref, deadline());
    if (code.kind === "done") {
      await see(row, "need_scan");
      return { kind: "scan", qr: code.value };
    }
    if (code.kind === "unsure" || code.why === "auth") return status(code.detail);
    // No code is on show: connecting makes one, or says that none is needed. The pairing stays as it is.
    const connecting = await deps.account.connect(token, row.provider_ref, deadline());
    if (connecting.kind !== "done") return status(connecting.detail);
    const { status: now, qr } = connecting.value;
    if (now !== null) await see(row, now);
    return qr === null ? { kind: "status", status: now ?? row.status, detail: "" } : { kind: "scan", qr };
  }

  /** What the provider said on the way is a look like any other. */
  async function see(row: SessionRow, status: Parameters<typeof observe>[3]["status"]): Promise<void> {
    if (status === row.status) return;
    const seen = { kind: "observed", status, evidence: "probe", atMs: deps.now(), detail: "" } as const;
    await deps.changer.change([row.tenant], ourselves, (change) =>
      observe(change, row.tenant, row.id, seen, deps.random(), row.version),
    );
  }
}
