/** What a tick has for the streams of a tenant: frames of server-sent events, made once for all of them. Pure. */
import type { MessageState, SessionStatus } from "./changes.ts";

/** What a stream can be asked for; `hello` always comes. */
export const eventNames = ["message", "session", "counters"] as const;
export type EventName = (typeof eventNames)[number];

export type Frame = { event: EventName; text: string };
/** Frames by what they are about: a later one takes an earlier one's place. */
export type News = { frames: ReadonlyMap<string, Frame>; eventId: string };

/** Keys with nothing to say are left out: thousands of these are sent a second. */
export function messageFrame(row: MessageState): [key: string, frame: Frame] {
  const { id, claim: c, status: s, lane: l, session: n, campaign: g, at } = row;
  const data = { id, c, s, ...(l && { l }), ...(n && { n }), ...(g && { g }), t: at.getTime() };
  return [`message ${id}`, { event: "message", text: frame("message", data) }];
}

export function sessionFrame({ id, status }: SessionStatus): [key: string, frame: Frame] {
  return [`session ${id}`, { event: "session", text: frame("session", { id, status }) }];
}

export function countersFrame(counters: object): [key: string, frame: Frame] {
  return ["counters", { event: "counters", text: frame("counters", counters) }];
}

/** `reset`: something may have passed unseen, so what is shown has to be fetched anew. */
export function helloText(tenant: string, reset: boolean): string {
  return `retry: 1000\n${frame("hello", { tenant, reset })}`;
}

/** Ends every part: the id stands where all before it was sent, so who breaks off in the middle gets the part again. */
export function idText(eventId: string): string {
  return `id: ${eventId}\n\n`;
}

/** A comment, for whoever hangs up on silent connections. */
export const heartbeatText = ": \n";

/** Of several ticks, the last of each. */
export function merged(news: readonly News[]): ReadonlyMap<string, Frame> {
  if (news.length === 1) return news[0]!.frames;
  const frames = new Map<string, Frame>();
  for (const one of news) for (const [key, value] of one.frames) frames.set(key, value);
  return frames;
}

export function textOf(frames: Iterable<Frame>, wanted: ReadonlySet<EventName>): string {
  let text = "";
  for (const one of frames) if (wanted.has(one.event)) text += one.text;
  return text;
}

function frame(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
