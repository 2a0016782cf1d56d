import { expect, it } from "vitest";
import type { Accepted, Arrival, StatusRecord } from "../ledgers.ts";
import { dwellMs, inDoubt, percentile, resumeS, settledByEcho } from "./figures.ts";

const accepted = (id: string, acceptedAt: number, to = id): Accepted => ({
  id,
  request: id,
  tenant: "north",
  lane: "bulk",
  to,
  doubtPolicy: "fail_unknown",
  acceptedAt,
});
const arrival = (id: string, receivedAt: number, sender = "301"): Arrival => ({
  id,
  sender,
  recipient: id,
  requests: 1,
  accepted: 1,
  receivedAt,
  outcome: "accepted",
  told: true,
});
const status = (
  message_id: string,
  what: StatusRecord["status"],
  claim: number,
  origin = "mesh",
): StatusRecord => ({
  event_id: `${message_id} ${what} ${claim}`,
  message_id,
  tenant: "north",
  status: what,
  origin: origin as StatusRecord["origin"],
  claim,
  reason: null,
});
const topics = (statuses: StatusRecord[] = []) => ({ outbound: [], statuses, dead: [] });

it("counts doubts by message, and as settled those whose doubtful claim got an end", () => {
  const statuses = [
    status("a", "in_doubt", 1),
    status("a", "sent", 1),
    status("b", "in_doubt", 1),
    status("b", "queued", 2),
    status("b", "sent", 2),
    status("c", "sent", 1),
    status("d", "in_doubt", 1),
    status("d", "delivered", 1, "provider"),
  ];
  expect(inDoubt(statuses)).toEqual(new Set(["a", "b", "d"]));
  expect(settledByEcho(statuses)).toBe(1);
});

it("measures the way to the provider, never below zero", () => {
  expect(
    dwellMs({
      accepted: [accepted("a", 100), accepted("b", 100), accepted("c", 100)],
      arrivals: [arrival("a", 150), arrival("b", 90)],
    }),
  ).toEqual([50, 0]);
  expect(percentile([5, 1, 9], 0.99)).toBe(9);
  expect(percentile([], 0.99)).toBe(0);
});

it("sending resumed when the slowest sender with work waiting sent again", () => {
  const messages = [accepted("a", 100), accepted("b", 100), accepted("late", 5000)];
  const arrivals = [arrival("a", 1500), arrival("b", 4000, "302"), arrival("late", 7000, "303")];
  expect(resumeS({ accepted: messages, arrivals, topics: topics() }, 1000)).toBe(3);
  // From 4.5 s on only the last message had to wait, from 5 s on.
  expect(resumeS({ accepted: messages, arrivals, topics: topics() }, 4500)).toBe(2);
  expect(resumeS({ accepted: messages, arrivals, topics: topics() }, 7500)).toBeNull();
});

it("a silence counts from the last send, when what went away took its time", () => {
  const messages = [accepted("a", 100), accepted("b", 100), accepted("c", 100)];
  const arrivals = [arrival("a", 1100), arrival("b", 1200), arrival("c", 6200)];
  expect(resumeS({ accepted: messages, arrivals, topics: topics() }, 1000)).toBe(5);
  // Between b and c nothing waited for most of the time.
  const late = [accepted("a", 100), accepted("b", 100), accepted("c", 6000)];
  expect(resumeS({ accepted: late, arrivals, topics: topics() }, 1000)).toBe(0.2);
});

it("what waits behind a doubt does not count as work waiting", () => {
  const messages = [accepted("a", 100, "same"), accepted("b", 100, "same")];
  const statuses = topics([status("a", "in_doubt", 1)]);
  expect(resumeS({ accepted: messages, arrivals: [arrival("b", 9000)], topics: statuses }, 1000)).toBeNull();
});
