/** Deliberate bugs, put in from the outside. A judge that does not notice them is no judge. */
import type { Item, SendResult } from "../src/item.ts";
import type { AdmitRequest, ClaimReply, ClaimRequest, Fence, PaceRow } from "../src/store.ts";
import { oneStatement, type Verbs } from "./database.ts";
import type { PromiseName } from "./life.ts";
import { commandKey, itemOf, leaseOf, outboxOf, type Running, type Tables } from "./tables.ts";
import type { Sabotage } from "./world.ts";

/** `breaks`: the promises, one of which must be found broken. */
export type Bug = Sabotage & { name: string; breaks: PromiseName[] };

const later = { code: "quiet_hours", faultClass: "policy", providerCode: null, detail: "" };

type Fenced = { fences?: readonly Fence[]; fence?: Fence; marks?: readonly Fence[] };

export const bugs: Bug[] = [
  {
    name: "the claim is skipped",
    breaks: ["not twice"],
    verbs: (verbs) => ({ ...verbs, claim: oneStatement(sendWithoutClaim) }),
  },
  {
    name: "the fence is dropped",
    breaks: ["not twice", "order", "pace", "published", "one outcome"],
    verbs: (verbs) =>
      forEachFence(verbs, (tables, _owner, { shard }) => {
        const { owner, epoch } = leaseOf(tables, shard);
        return { owner: owner ?? "nobody", epoch };
      }),
  },
  {
    name: "the epoch is ignored",
    breaks: ["not twice", "published", "one outcome", "nothing waits for ever", "true outcome"],
    verbs: (verbs) =>
      forEachFence(verbs, (tables, owner, { shard }) => ({ owner, epoch: leaseOf(tables, shard).epoch })),
  },
  {
    name: "the watermark passes what is not published yet",
    breaks: ["nothing waits for ever"],
    verbs: (verbs) => ({
      ...verbs,
      watermark: (tables, owner, { marks }) =>
        verbs.watermark(tables, owner, {
          marks: marks.map((mark) => ({
            ...mark,
            seq: Math.max(mark.seq, ...outboxOf(tables, mark.shard).keys()),
          })),
        }),
    }),
  },
  {
    name: "a fixed window instead of GCRA",
    breaks: ["pace"],
    member: (member) => ({ ...member, ratePerS: member.ratePerS * 50 }),
    write: fixedWindow,
  },
  {
    name: "the conversation gate is ignored",
    breaks: ["order"],
    verbs: (verbs) => ({
      ...verbs,
      admit: (tables, owner, request) =>
        verbs.admit(
          tables,
          owner,
          eachItem(request, ({ id }) => ({ conversation: id })),
        ),
    }),
  },
  {
    name: "a stranger's decision counts",
    breaks: ["decisions"],
    verbs: (verbs) => ({
      ...verbs,
      command: (tables, owner, request) => {
        const item = tables.pending.get(request.id) ?? tables.done.get(request.id)?.item;
        return verbs.command(tables, owner, { ...request, tenant: item?.tenant ?? request.tenant });
      },
    }),
  },
  {
    name: "a resend that has acted acts again when it is read again",
    breaks: ["decisions"],
    verbs: (verbs) => ({
      ...verbs,
      command: (tables, owner, request) => {
        if (request.kind === "resend") tables.commands.delete(commandKey(request));
        return verbs.command(tables, owner, request);
      },
    }),
  },
  {
    name: "a cancel that comes before its message is lost",
    breaks: ["decisions"],
    verbs: (verbs) => ({
      ...verbs,
      command: (tables, owner, request) => {
        if (tables.pending.has(request.id)) return verbs.command(tables, owner, request);
        return verbs.command(tables, owner, { ...request, tenant: "nobody" });
      },
    }),
  },
  {
    name: "an otp is queued like bulk",
    breaks: ["otp first"],
    verbs: (verbs) => ({
      ...verbs,
      admit: (tables, owner, request) =>
        verbs.admit(
          tables,
          owner,
          eachItem(request, ({ lane }) => (lane === "otp" ? { lane: "bulk" } : {})),
        ),
    }),
  },
  {
    name: "a limit that members share is not looked at",
    breaks: ["pace"],
    member: ({ limits: _, ...member }) => member,
  },
  {
    name: "a limit that members share is forgotten at a take-over",
    breaks: ["pace"],
    verbs: (verbs) => ({
      ...verbs,
      acquire: forgetPace(verbs.acquire, ({ scope }) => scope === "member" || scope === "stream"),
    }),
  },
  {
    name: "the pace of a stream is not looked at",
    breaks: ["pace"],
    engine: { streamPace: () => null },
  },
  {
    name: "the pace of a stream is forgotten at a take-over",
    breaks: ["pace"],
    verbs: (verbs) => ({
      ...verbs,
      acquire: forgetPace(verbs.acquire, ({ scope }) => scope !== "stream"),
    }),
  },
  {
    name: "the limit to one person is not looked at",
    breaks: ["pace"],
    member: (member) => ({ ...member, pair: null }),
  },
  {
    name: "a held stream goes on",
    breaks: ["held"],
    engine: { hold: () => null },
  },
  {
    name: "a guard is not asked",
    breaks: ["held"],
    engine: { guard: () => null },
  },
  {
    name: "what a guard refuses waits a second and leaves",
    breaks: ["held"],
    engine: { guard: ({ n }, now) => (n > 1 ? null : { kind: "wait", until: now + 1_000, reason: later }) },
  },
  {
    name: "time decides doubts though receipts are late",
    breaks: ["held"],
    engine: { receiptsCurrent: () => true },
  },
  {
    name: "after a restore what nobody told of is sent again",
    breaks: ["not twice"],
    restore: {
      recovery: (recovery) =>
        recovery.kind === "doubt"
          ? { kind: "wait", n: recovery.n - 1, nextAt: null, attempts: null }
          : recovery,
    },
  },
  {
    name: "after a restore the group stays where it was",
    breaks: ["nothing waits for ever"],
    restore: { isRewound: false },
  },
  {
    name: "the first tenant weighs three times as much",
    breaks: ["fair share"],
    member: (member) => ({ ...member, weight: member.tenant === "t0" ? 3 : 1 }),
  },
];

/** Each fence becomes what `truth` says the lease is, and so always holds while it has not expired. */
function forEachFence(
  verbs: Verbs,
  truth: (tables: Tables, owner: string, fence: Fence) => { owner: string; epoch: number },
): Verbs {
  const dropped = { ...verbs } as unknown as Record<
    string,
    (t: Tables, o: string, r: Fenced) => Running<unknown>
  >;
  for (const verb of ["admit", "claim", "outcome", "poll", "refill", "renew", "watermark"]) {
    const call = dropped[verb]!;
    dropped[verb] = (tables, owner, request) => {
      let as = owner;
      const renew = <F extends Fence>(fence: F): F => {
        const { epoch, ...lease } = truth(tables, owner, fence);
        as = lease.owner;
        return { ...fence, epoch };
      };
      const fences = { ...request };
      if (request.fences !== undefined) fences.fences = request.fences.map(renew);
      if (request.marks !== undefined) fences.marks = request.marks.map(renew);
      if (request.fence !== undefined) fences.fence = renew(request.fence);
      return call(tables, as, fences);
    };
  }
  return dropped as unknown as Verbs;
}

function forgetPace(acquire: Verbs["acquire"], isKept: (row: PaceRow) => boolean): Verbs["acquire"] {
  return function* (tables, owner, request) {
    const got = yield* acquire(tables, owner, request);
    return got === null ? null : { ...got, pace: got.pace.filter(isKept) };
  };
}

function eachItem(
  request: AdmitRequest,
  change: (item: AdmitRequest["items"][number]) => object,
): AdmitRequest {
  return { ...request, items: request.items.map((item) => ({ ...item, ...change(item) })) };
}

/** Everything that waits may go, and nothing says that it has gone. */
function sendWithoutClaim(tables: Tables, _owner: string, { fences, items }: ClaimRequest): ClaimReply {
  const claimed = items.flatMap(({ id }) => {
    const row = tables.pending.get(id);
    return row === undefined ? [] : [{ item: { ...itemOf(row), n: row.n + 1 }, claimedAt: tables.now() }];
  });
  return {
    fenced: fences.map(({ shard }) => shard),
    dbNow: tables.now(),
    claimed,
    expired: [],
    cancelled: [],
    arrived: [],
  };
}

/** Counts per second of the clock: the end of one and the beginning of the next may follow at once. */
function fixedWindow(...[write, plan, agenda]: Parameters<NonNullable<Sabotage["write"]>>) {
  const counts = new Map<string, number>();
  const later = (item: Item & { claim: number }, answer: (result: SendResult) => void): void => {
    const { ratePerS } = plan.members.find(({ id }) => id === item.member)!.member;
    const windowMs = Math.max(1_000, 1_000 / ratePerS);
    const window = Math.floor(agenda.now() / windowMs);
    const key = `${item.member} ${window}`;
    const count = counts.get(key) ?? 0;
    if (count + 1 > Math.max(1, ratePerS)) {
      agenda.after((window + 1) * windowMs - agenda.now() + 0.001, () => later(item, answer));
      return;
    }
    counts.set(key, count + 1);
    write(item, answer);
  };
  return later;
}
