/** Each break, planted into ledgers that are in order otherwise, is found. */
import { describe, expect, it } from "vitest";
import type { Accepted, Arrival, Evidence, Outbound, StatusRecord } from "../ledgers.ts";
import { check } from "./index.ts";
import { standing } from "./standing.ts";

/** Messages a, b and c of one conversation and d of another tenant, all sent once, in order, and read. */
function sound(): Evidence & {
  accepted: Accepted[];
  arrivals: Arrival[];
  stores: { done: Map<string, string> };
} {
  const ids = ["a", "b", "c", "d"];
  const tenantOf = (id: string) => (id === "d" ? "south" : "north");
  const senderOf = (id: string) => (id === "d" ? "302" : "301");
  const recipientOf = (id: string) => (id === "d" ? "15550000002" : "15550000001");
  return {
    accepted: ids.map((id, i) => ({
      id,
      request: `key/${i}`,
      tenant: tenantOf(id),
      lane: "standard",
      to: `+${recipientOf(id)}`,
      doubtPolicy: "fail_unknown",
      acceptedAt: 1000 + i,
    })),
    topics: {
      outbound: ids.map((id, i) => ({
        message_id: id,
        tenant: tenantOf(id),
        lane: "standard",
        session: senderOf(id),
        external_ref: null,
        recipient: `+${recipientOf(id)}`,
        partition: id === "d" ? 2 : 1,
        offset: 10 + i,
      })),
      statuses: ids.flatMap((id) => [
        status(id, "queued", 0),
        status(id, "sent", 1),
        status(id, "read", 1, "provider"),
      ]),
      dead: [
        {
          topic: "wa.outbound.otp.v1",
          service: "dispatcher",
          reason: "undecodable",
          value: "xx poison-1-end",
        },
      ],
    },
    arrivals: ids.map((id, i) => ({
      id,
      sender: senderOf(id),
      recipient: recipientOf(id),
      requests: 1,
      accepted: 1,
      receivedAt: 2000 + i * 100,
      outcome: "accepted",
      told: true,
    })),
    violations: [],
    stores: {
      pending: new Set(),
      attempts: new Set(),
      done: new Map(ids.map((id) => [id, "sent"])),
      projection: new Map(ids.map((id) => [id, { tenant: tenantOf(id), status: "read" }])),
    },
    senders: { north: ["301"], south: ["302"] },
    trespasses: [],
    poison: [{ topic: "wa.outbound.otp.v1", marker: "poison-1-end" }],
  };
}

function status(
  id: string,
  what: StatusRecord["status"],
  claim: number,
  origin: StatusRecord["origin"] = "mesh",
  reason: string | null = null,
): StatusRecord {
  return {
    event_id: `${id} ${what} ${claim} ${origin}`,
    message_id: id,
    tenant: id === "d" ? "south" : "north",
    status: what,
    origin,
    claim,
    reason,
  };
}

/** As the dispatcher tells it: queued for the next claim, with the reason. */
const again = (id: string, claim: number, reason: string) => status(id, "queued", claim, "mesh", reason);

const arrival = (evidence: Evidence, id: string) => evidence.arrivals.find((one) => one.id === id) as Arrival;

it("finds nothing in sound ledgers", () => {
  expect(check(sound())).toEqual([]);
});

describe("lost", () => {
  const planted: Record<string, (evidence: ReturnType<typeof sound>) => Evidence> = {
    "is not in its lane's topic": (e) => ({
      ...e,
      topics: { ...e.topics, outbound: e.topics.outbound.slice(1) },
      arrivals: e.arrivals,
    }),
    "still waits in the schedule": (e) => ({ ...e, stores: { ...e.stores, pending: new Set(["a"]) } }),
    "is still claimed": (e) => ({ ...e, stores: { ...e.stores, attempts: new Set(["a"]) } }),
    "has no end in the schedule": (e) => {
      e.stores.done.delete("a");
      return e;
    },
    "has no final status in the topic": (e) => ({
      ...e,
      topics: {
        ...e.topics,
        statuses: e.topics.statuses.filter((one) => one.message_id !== "a" || one.status === "queued"),
      },
    }),
    "has no final status in the API": (e) => ({
      ...e,
      stores: { ...e.stores, projection: new Map([...e.stores.projection].filter(([id]) => id !== "a")) },
    }),
    "the provider never took it": (e) => ({ ...e, arrivals: e.arrivals.slice(1) }),
    "its receipt was acknowledged": (e) => ({
      ...e,
      topics: {
        ...e.topics,
        statuses: [
          ...e.topics.statuses.filter((one) => one.message_id !== "a"),
          status("a", "unconfirmed", 1),
        ],
      },
      stores: {
        ...e.stores,
        projection: new Map([...e.stores.projection, ["a", { tenant: "north", status: "unconfirmed" }]]),
      },
    }),
  };
  it.each(Object.entries(planted))("a message that %s", (words, plant) => {
    expect(check(plant(sound()))).toContainEqual({
      kind: "lost",
      id: "a",
      what: expect.stringContaining(words),
    });
  });

  it("an unreadable record that is not in wa.dead", () => {
    const e = sound();
    expect(check({ ...e, topics: { ...e.topics, dead: [] } })).toMatchObject([{ kind: "lost", id: null }]);
  });
});

describe("doubled", () => {
  it("a message that the provider took twice", () => {
    const e = sound();
    arrival(e, "b").accepted = 2;
    expect(check(e)).toMatchObject([{ kind: "doubled", id: "b" }]);
  });

  it("but not one that its tenant chose to send again after a doubt", () => {
    const e = sound();
    arrival(e, "b").accepted = 2;
    (e.accepted[1] as Accepted).doubtPolicy = "resend";
    const statuses = [
      ...e.topics.statuses,
      status("b", "in_doubt", 1),
      again("b", 2, "outcome_unknown"),
      // Published twice.
      again("b", 2, "outcome_unknown"),
      status("b", "sent", 2),
    ];
    expect(check({ ...e, topics: { ...e.topics, statuses } })).toEqual([]);
    arrival(e, "b").accepted = 3;
    expect(check({ ...e, topics: { ...e.topics, statuses } })).toMatchObject([{ kind: "doubled", id: "b" }]);
  });

  it("also when it was in doubt once: queued again after a refusal is no resend", () => {
    const e = sound();
    arrival(e, "b").accepted = 2;
    const statuses = [...e.topics.statuses, again("b", 2, "rate_limited"), status("b", "in_doubt", 2)];
    expect(check({ ...e, topics: { ...e.topics, statuses } })).toMatchObject([{ kind: "doubled", id: "b" }]);
  });

  it("a resend that nobody asked for", () => {
    const e = sound();
    const statuses = [...e.topics.statuses, status("b", "in_doubt", 1), again("b", 2, "outcome_unknown")];
    expect(check({ ...e, topics: { ...e.topics, statuses } })).toMatchObject([{ kind: "doubled", id: "b" }]);
  });

  it("a repeated request that became another message", () => {
    const e = sound();
    (e.accepted[2] as Accepted).request = (e.accepted[1] as Accepted).request;
    expect(check(e)).toMatchObject([{ kind: "doubled", id: "c" }]);
  });
});

describe("order", () => {
  it("a message that overtook an earlier one of its conversation", () => {
    const e = sound();
    arrival(e, "b").receivedAt = 1900;
    expect(check(e)).toMatchObject([{ kind: "order", id: "b" }]);
  });

  it("but a message that was put into its lane twice has its first place", () => {
    const e = sound();
    const again = { ...(e.topics.outbound[0] as Outbound), offset: 90 };
    expect(check({ ...e, topics: { ...e.topics, outbound: [again, ...e.topics.outbound] } })).toEqual([]);
  });

  it("but not an OTP, and not one that ended failed", () => {
    const e = sound();
    arrival(e, "b").receivedAt = 1900;
    const otps = e.topics.outbound.map((record): Outbound => ({ ...record, lane: "otp" }));
    expect(check({ ...e, topics: { ...e.topics, outbound: otps } })).toEqual([]);
    e.stores.done.set("a", "failed");
    const failed = {
      ...e,
      topics: {
        ...e.topics,
        statuses: [...e.topics.statuses.filter((one) => one.message_id !== "a"), status("a", "failed", 1)],
      },
      stores: {
        ...e.stores,
        projection: new Map([...e.stores.projection, ["a", { tenant: "north", status: "failed" as const }]]),
      },
    };
    expect(check(failed)).toEqual([]);
  });
});

describe("cross-tenant", () => {
  it("a message that left through another tenant's number", () => {
    const e = sound();
    arrival(e, "a").sender = "302";
    expect(check(e)).toMatchObject([{ kind: "cross_tenant", id: "a" }]);
  });

  it("a message that went to somebody else", () => {
    const e = sound();
    arrival(e, "a").recipient = "15550000002";
    expect(check(e)).toMatchObject([{ kind: "cross_tenant", id: "a" }]);
  });

  it("a message that nobody handed in", () => {
    const e = sound();
    const stranger = { ...arrival(e, "a"), id: "z" };
    expect(check({ ...e, arrivals: [...e.arrivals, stranger] })).toMatchObject([
      { kind: "cross_tenant", id: "z" },
    ]);
  });

  it("a status or a row under another tenant, and what was seen from outside", () => {
    const e = sound();
    const statuses = [...e.topics.statuses, { ...status("a", "delivered", 1, "provider"), tenant: "south" }];
    expect(check({ ...e, topics: { ...e.topics, statuses } })).toMatchObject([
      { kind: "cross_tenant", id: "a" },
    ]);
    const projection = new Map([
      ...e.stores.projection,
      ["a", { tenant: "south", status: "read" as const }] as const,
    ]);
    expect(check({ ...e, stores: { ...e.stores, projection } })).toMatchObject([
      { kind: "cross_tenant", id: "a" },
    ]);
    expect(check({ ...e, trespasses: ["a webhook went astray"] })).toMatchObject([{ kind: "cross_tenant" }]);
  });
});

it("finds a send above its rate", () => {
  const violation = { at_ms: 2000, sender: "301", recipient: null, kind: "rate", early_by_ms: 12 };
  expect(check({ ...sound(), violations: [violation] })).toMatchObject([{ kind: "rate" }]);
});

it("says where each ledger stands", () => {
  expect(standing(sound(), "a").join("\n")).toMatch(
    /202 at .*north standard.*partition 1, offset 10.*queued\/0, sent\/1, read\/1 \(receipt\).*taken 1 times.*sent.*read/s,
  );
  expect(standing(sound(), "nobody")).toContain("provider    nothing");
});
