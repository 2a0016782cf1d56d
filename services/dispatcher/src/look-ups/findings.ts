/** What a look-up's answer says about a message. A clear word decides, absence never does. Pure. */
import { contentToken, recipientToken } from "@wamesh/events";
import {
  addressedAs,
  type LoggedMessage,
  lookUpLimits,
  type MessageInfo,
  type MessageLog,
} from "@wamesh/providers";
import { msgIdOf } from "./follow.ts";

/** Whom a message went to and what it says, as tokens. */
export type Tokens = { recipient_token: string; content_token: string | null };
/** A token may have been made with an older key of the ring. */
export type Ring = { tenant: string; keys: readonly string[] };

export type InfoFinding =
  | { kind: "key"; key: string }
  | { kind: "failed"; key: string | null }
  | { kind: "nothing" };

/** `of.provider_id` is what was asked about. */
export function fromInfo(
  of: Tokens & { provider_id: string | null },
  found: MessageInfo,
  ring: Ring,
): InfoFinding {
  const asked = msgIdOf(of.provider_id);
  if (asked === null || !(asked.isCertain || isSame(of, found, ring))) return { kind: "nothing" };
  if (found.status === "failed") return { kind: "failed", key: found.key };
  return found.key === null ? { kind: "nothing" } : { kind: "key", key: found.key };
}

export type LogFinding =
  | { kind: "sent"; id: string }
  | { kind: "failed"; id: string; detail: string }
  | { kind: "nothing" };

/**
 * A message in doubt is found when the log holds exactly one row that is it and nothing else: same person, same words, about
 * the time of its claim. `alike` are our other messages of that kind. Each has to have a row of its own; a row that could be
 * another one's is nobody's.
 */
export function fromLog(
  doubt: Tokens & { claimed_at: number },
  log: MessageLog,
  alike: readonly { claimed_at: number; provider_id: string | null }[],
  ring: Ring,
): LogFinding {
  const nothing = { kind: "nothing" } as const;
  const { before, after } = lookUpLimits.logWindowMs;
  const [from, to] = [doubt.claimed_at - before, doubt.claimed_at + after];
  const inWindow = log.rows.filter((row) => row.createdAtMs >= from && row.createdAtMs <= to);
  if (!reaches(log, from) || inWindow.some((row) => row.digits === null || row.text === null)) return nothing;
  const others = alike.filter((one) => one.claimed_at >= from - after && one.claimed_at <= to + before);
  const taken = new Set(others.map((one) => msgIdOf(one.provider_id)?.msgId));
  const candidates = inWindow.filter((row) => isSame(doubt, row, ring));
  const [row, ...more] = candidates.filter(({ id }) => !taken.has(id));
  const everyOtherHasItsRow = others.every((one) =>
    log.rows.some(({ id }) => id === msgIdOf(one.provider_id)?.msgId),
  );
  if (row === undefined || more.length > 0 || !everyOtherHasItsRow) return nothing;
  return row.hasFailed ? { kind: "failed", id: row.id, detail: row.failure } : { kind: "sent", id: row.id };
}

/** Whether no row since then is missing: all rows are there, or they are newest first and go back further. */
function reaches({ isWhole, rows }: MessageLog, from: number): boolean {
  if (isWhole) return true;
  const isOrdered = rows.every(
    (row, index) => index === 0 || row.createdAtMs <= rows[index - 1]!.createdAtMs,
  );
  return isOrdered && rows.some((row) => row.createdAtMs < from);
}

function isSame(
  of: Tokens,
  { digits, text }: Pick<LoggedMessage, "digits" | "text">,
  { tenant, keys }: Ring,
): boolean {
  if (digits === null || text === null) return false;
  return (
    addressedAs(digits).some((one) =>
      keys.some((key) => recipientToken(key, tenant, one) === of.recipient_token),
    ) && keys.some((key) => contentToken(key, tenant, text) === of.content_token)
  );
}
