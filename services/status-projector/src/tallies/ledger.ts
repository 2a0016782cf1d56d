/**
 * The conservation ledger: per hour of acceptance, how many were accepted and what became of them. Acceptances and statuses
 * come from different topics and writers, so that their difference says something: above zero, messages of which no word
 * came back; below, messages of which the acceptance was not read.
 */
import { bucketOf, hourMs, type Share, type Tally } from "../tally.ts";

const columnOf: Readonly<Record<string, string>> = {
  queued: "waiting",
  claimed: "waiting",
  in_doubt: "doubtful",
  unconfirmed: "doubtful",
  sent: "final",
  delivered: "final",
  read: "final",
  played: "final",
  failed: "final",
  expired: "final",
  cancelled: "final",
};

export const ledger: Tally = {
  table: "ledger",
  key: { tenant: "text", at: "time" },
  sums: ["accepted", "final", "waiting", "doubtful"],
  reads: ["status", "first_at", "accepted_at"],
  shares({ tenant, status, first_at, accepted_at }) {
    const key = [tenant, bucketOf((accepted_at ?? first_at) as number, hourMs)] as Share["key"];
    const column = columnOf[(status ?? "") as string];
    return [
      ...((accepted_at ?? null) === null ? [] : [{ key, sum: "accepted" }]),
      ...(column === undefined ? [] : [{ key, sum: column }]),
    ];
  },
};
