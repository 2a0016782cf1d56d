/** Who sends how fast, and what is to be sent. */
import type { Lane, Member, NewItem } from "../src/item.ts";
import type { Random } from "./random.ts";

/** calm: no fault at all. contended: few slots for many tenants, no fault. */
export type Kind = "calm" | "contended" | "rough";

export type MemberPlan = {
  id: string;
  shard: number;
  member: Member;
  /** In order of time; null: the processes have not heard of it. */
  states: { at: number; state: Member["state"] | null }[];
};

export type LogRecord = { shard: number; lane: Lane; at: number; item: NewItem };

/** Epoch of the run's start by the database's clock: ten seconds before the end of a day (UTC). */
export const epochMs = 1_700_006_390_000;

export function membersOf(random: Random, kind: Kind, shards: number): MemberPlan[] {
  const tenants = kind === "contended" ? random.int(2, 4) : random.int(1, 4);
  return Array.from({ length: Math.max(tenants, random.int(1, 6)) }, (_, index): MemberPlan => {
    const tenant = index % tenants;
    const ratePerS = kind === "contended" ? 1_000 : random.pick([0.5, 1, 2, 5, 20, 100, 300]);
    const min = random.int(0, 500);
    const states: MemberPlan["states"] = [{ at: 0, state: "open" }];
    if (kind === "rough" && random.chance(0.2)) {
      states[0] = { at: 0, state: random.pick([null, "held", "open"]) };
      states.push({ at: random.int(0, 5_000), state: random.pick(["held", "open"]) });
      states.push({ at: random.int(5_000, 10_000), state: random.chance(0.1) ? "gone" : "open" });
    }
    return {
      id: `m${index}`,
      shard: tenant % shards,
      states,
      member: {
        tenant: `t${tenant}`,
        account: `a${tenant}`,
        ratePerS,
        state: "open",
        weight: kind === "contended" ? 1 : random.pick([0.5, 1, 3]),
        heldReason: null,
        ...(kind === "rough" && random.chance(0.15)
          ? { gapMs: { min, max: min + random.int(0, 1_000) } }
          : {}),
      },
    };
  });
}

export function trafficOf(
  random: Random,
  members: readonly MemberPlan[],
  spanMs: number,
  kind: Kind,
): LogRecord[] {
  const records: LogRecord[] = [];
  const count = random.int(5, 40);
  const bursts = random.chance(0.5);
  const conversations = random.int(1, 6);
  const given = new Map<string, number>();
  for (let index = 0; index < count; index++) {
    const { id, shard, member } = random.pick(members);
    // No more than the member can send in half a minute.
    const already = given.get(id) ?? 0;
    if (already > member.ratePerS * 20 + 3) continue;
    given.set(id, already + 1);
    const lane = random.pick(["otp", "standard", "standard", "bulk", "bulk"] as const);
    const at = bursts ? Math.floor(random.next() * 3) * (spanMs / 3) : random.next() * spanMs;
    const isScheduled = random.chance(0.15);
    const nextAt = isScheduled ? Math.round(epochMs + at + random.int(-1_000, 8_000)) : null;
    const isShort = kind === "rough" && random.chance(0.08);
    const item: NewItem = {
      id: `i${index}`,
      tenant: member.tenant,
      account: member.account,
      member: id,
      lane,
      stream: lane === "bulk" && random.chance(0.5) ? `c${random.int(0, 1)}` : null,
      topic: lane,
      offset: "0",
      conversation: `${id}:${random.int(1, conversations)}`,
      nextAt,
      notAfter: Math.round(epochMs + at + (isShort ? random.int(0, 12_000) : 86_400_000)),
      doubtPolicy: random.chance(0.3) ? "resend" : "fail_unknown",
      fingerprint: "f",
      payload: { text: "" },
    };
    records.push({ shard, lane, at, item });
    // A client that repeats its request, or a producer that did not hear the broker's answer.
    if (random.chance(0.08)) records.push({ shard, lane, at: at + random.int(0, 4_000), item });
  }
  return records.sort((a, b) => a.at - b.at);
}

/** Everybody has more to send than there are slots, from the first moment on. */
export function backlogs(members: readonly MemberPlan[]): LogRecord[] {
  const each = Math.ceil(200 / members.length);
  return Array.from({ length: each }).flatMap((_, index) =>
    members.map(({ id, shard, member }): LogRecord => {
      const item: NewItem = {
        id: `${id}.${index}`,
        tenant: member.tenant,
        account: member.account,
        member: id,
        lane: "standard",
        stream: null,
        topic: "standard",
        offset: "0",
        conversation: `${id}:${index}`,
        nextAt: null,
        notAfter: epochMs + 86_400_000,
        doubtPolicy: "fail_unknown",
        fingerprint: "f",
        payload: { text: "" },
      };
      return { shard, lane: "standard", at: 0, item };
    }),
  );
}
