/** Items and members for tests. */
import type { Change, Lane, Member, NewItem } from "../src/index.ts";

/** `id` also says where it goes: "m1/c1/7" is offset 7 of conversation c1 of member m1. */
export function item(over: Partial<NewItem> & { id: string }): NewItem {
  const [member = "m1", conversation = "c1", offset = "0"] = over.id.split("/");
  return {
    tenant: "t1",
    account: "a1",
    member,
    lane: "standard",
    stream: null,
    topic: "standard",
    offset,
    conversation: `${member}:${conversation}`,
    nextAt: null,
    notAfter: Date.now() + 3_600_000,
    doubtPolicy: "fail_unknown",
    fingerprint: "f",
    payload: { text: over.id },
    ...over,
  };
}

export function batch(items: NewItem[], over: { topic?: string; shard?: number } = {}) {
  const { topic = items[0]?.topic ?? "standard", shard = 0 } = over;
  const nextOffset = String(Math.max(-1, ...items.map(({ offset }) => Number(offset))) + 1);
  return { shard, cluster: "k", topic, partition: shard, nextOffset, items };
}

export function member(over: Partial<Member> = {}): Member {
  return { tenant: "t1", account: "a1", ratePerS: 1000, state: "open", weight: 1, heldReason: null, ...over };
}

export type Published = { id: string; n: number; change: Change };
export type Written = { id: string; n: number; lane: Lane; at: number };
