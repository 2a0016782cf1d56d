import { describe, expect, test } from "vitest";
import { type Frame, helloText, merged, messageFrame, type News, partText } from "./news.ts";
import { createOutlet } from "./outlet.ts";

const events = new Set(["message"] as const);

function message(id: string, status: string): [string, Frame] {
  return messageFrame({
    tenant: "acme",
    id,
    claim: 1,
    status,
    lane: null,
    session: null,
    campaign: null,
    at: new Date(7),
  });
}

const news = (eventId: string, ...frames: [string, Frame][]): News => ({ eventId, frames: new Map(frames) });

function open() {
  let [gone, resets] = [0, 0];
  const outlet = createOutlet({ tenant: "acme", events, onGone: () => gone++, onReset: () => resets++ });
  const reader = outlet.stream.getReader();
  return {
    outlet,
    cancel: () => reader.cancel(),
    send: (one: News) => outlet.send(one, Buffer.from(bytesOf(one))),
    read: async () => Buffer.from((await reader.read()).value ?? []).toString(),
    facts: () => ({ gone, resets }),
  };
}

const bytesOf = (one: News) => partText(one.frames.values(), events, one.eventId);

describe("who reads as fast as it comes", () => {
  test("gets each tick as it was", async () => {
    const { send, read } = open();
    for (const one of [news("1-1", message("a", "sent")), news("1-2", message("a", "read"))]) {
      send(one);
      expect(await read()).toBe(bytesOf(one));
    }
  });
});

describe("who reads slowly", () => {
  test("gets the last state of each message, once, and the last id", async () => {
    const { send, read } = open();
    const first = news("1-1", message("a", "queued"));
    send(first);
    send(news("1-2", message("a", "sent"), message("b", "sent")));
    send(news("1-3", message("a", "read")));
    expect(await read()).toBe(bytesOf(first));
    expect(await read()).toBe(bytesOf(news("1-3", message("a", "read"), message("b", "sent"))));
  });

  test("is told to fetch anew once more was kept than is good, and then gets what came since", async () => {
    const { send, read, facts } = open();
    for (let n = 0; n <= 25; n++) send(news(`1-${n}`, message(`m${n}`, "sent")));
    expect(await read()).toContain("m0");
    const rest = await read();
    expect(rest.startsWith(helloText("acme", true))).toBe(true);
    expect([...rest.matchAll(/"id":"(\w+)"/g)].map(([, id]) => id)).toEqual([
      "m21",
      "m22",
      "m23",
      "m24",
      "m25",
    ]);
    expect(rest).toMatch(/id: 1-25\nevent: message\ndata: [^\n]*"m25"[^\n]*\n\n$/);
    expect(facts().resets).toBe(1);
  });

  test("is sent no heartbeats on top", async () => {
    const { outlet, send, read } = open();
    send(news("1-1", message("a", "sent")));
    for (let n = 0; n < 1_000; n++) outlet.say(": \n");
    send(news("1-2", message("b", "sent")));
    await read();
    expect(await read()).toBe(bytesOf(news("1-2", message("b", "sent"))));
  });
});

test("after a reset there is nothing old", async () => {
  const { outlet, send, read } = open();
  send(news("1-1", message("a", "sent")));
  send(news("1-2", message("b", "sent")));
  outlet.reset();
  await read();
  expect(await read()).toBe(helloText("acme", true));
});

test("who goes away is noticed, and sent nothing more", async () => {
  const { send, outlet, cancel, facts } = open();
  await cancel();
  send(news("1-1", message("a", "sent")));
  outlet.say(": \n");
  outlet.reset();
  outlet.close();
  expect(facts().gone).toBe(1);
});

test("the id stands at the last event of a part, so who breaks off in the middle gets all of it again", () => {
  const text = bytesOf(news("1-1", message("a", "sent"), message("b", "sent")));
  expect(text.match(/^(id|event|data)/gm)).toEqual(["event", "data", "id", "event", "data"]);
  expect(partText([message("a", "sent")[1]], new Set(["session"]), "1-1")).toBe("");
});

test("merged, the later state takes the earlier one's place", () => {
  const [, sent] = message("a", "sent");
  expect([...merged([news("1", message("a", "queued")), news("2", message("a", "sent"))]).values()]).toEqual([
    sent,
  ]);
});
