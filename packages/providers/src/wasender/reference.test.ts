import { expect, test } from "vitest";
import { parseCallback, splitCallback } from "../read-callback.ts";
import { API_KEY, AT, wasenderCases } from "./reference-cases.ts";

const split = (event: object) =>
  splitCallback("wasender", Buffer.from(JSON.stringify(event)), { scope: "s" });
const meaning = (event: object) => split(event).flatMap(({ body }) => parseCallback("wasender", body));

test.each(wasenderCases.map((one) => [one.name, one] as const))("%s", (_name, { event, means }) => {
  const parsed = meaning(event);
  expect(parsed).toMatchObject(means);
  expect(parsed).toHaveLength(means.length);
  expect(JSON.stringify(split(event))).not.toMatch(new RegExp(`${API_KEY}|2@AbCd`));
});

test.each([AT, String(AT), AT * 1000, String(AT * 1000)])("%j is one moment", (timestamp) => {
  const key = { id: "3AEB11", fromMe: false, remoteJid: "15550001111@s.whatsapp.net" };
  const event = { event: "messages.delete", timestamp, data: { keys: [key] } };
  expect(meaning(event)).toMatchObject([{ occurredAt: AT * 1000 }]);
});

const poll = (voters: object) => ({
  event: "poll.results",
  timestamp: AT,
  data: { key: { id: "3EB0A1", remoteJid: "120363000000000001@g.us" }, pollResult: voters },
});
const occurrences = (event: object) =>
  meaning(event).map((one) => (one.kind === "inbound" ? one.occurrence : null));

test("a vote that is told again is the same, another choice or voter is another", () => {
  const [mara] = occurrences(poll([{ name: "Red", voters: ["15550001111@s.whatsapp.net"] }]));
  const both = { name: "Red", voters: ["15550001111@s.whatsapp.net", "15550002222@s.whatsapp.net"] };
  const [again, olof] = occurrences(poll([both]));
  expect(again).toBe(mara);
  expect(olof).not.toBe(mara);
  expect(occurrences(poll([{ ...both, name: "Blue" }]))[0]).not.toBe(mara);
});

test("a reaction has the same key as an event of its own and as a message", () => {
  const key = { id: "3AEB22", fromMe: false, remoteJid: "15550001111@s.whatsapp.net" };
  const message = { reactionMessage: { text: "👍", key: { id: "3EB0A1" } } };
  const asMessage = split({ event: "messages.upsert", timestamp: AT, data: [{ key, message }] });
  const asReaction = split({
    event: "messages.reaction",
    timestamp: AT,
    data: [{ key: { id: "3EB0A1", fromMe: true }, reaction: { text: "👍", key } }],
  });
  expect(asReaction[0]?.dedupeKey).toBe(asMessage[0]?.dedupeKey);
});
