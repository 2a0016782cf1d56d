/** What a tick has for the streams of a tenant: frames of server-sent events, made once for all of them. Pure. */
import type { CampaignProgress, MessageState, SessionStatus } from "./states.ts";

/** What a stream can be asked for; `hello` always comes. */
export const eventNames = ["message", "campaign", "session", "counters"] as const;
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

export function campaignFrame(row: CampaignProgress): [key: string, frame: Frame] {
  const { id, state, expanded, counts } = row;
  return [
    `campaign ${id}`,
    { event: "campaign", text: frame("campaign", { id, state, expanded, counts: counts ?? {} }) },
  ];
}

export function sessionFrame({ id, status }: SessionStatus): [key: string, frame: Frame] {
  return [`session ${id}`, { event: "session", text: frame("session", { id, status }) }];
}

export function countersFrame(counters: object): [key: string, frame: Frame] {
  return ["counters", { event: "counters", text: frame("counters", counters) }];
}

/** `reset`: something may have passed unseen, so what is shown has to be fetched anew. */
export function helloText(tenant: string, reset: boolean, eventId?: string): string {
  const id = eventId === undefined ? "" : `id: ${eventId}\n`;
  return `retry: 1000\n${id}${frame("hello", { tenant, reset })}`;
}

/**
 * A comment, for whoever hangs up on silent connections, and the id: a stream on which nothing happens moves on too, or what
 * it left off at would be forgotten.
 */
export function heartbeatText(eventId: string): string {
  return `: \nid: ${eventId}\n\n`;
}

/** Of several ticks, the last of each. */
export function merged(news: readonly News[]): ReadonlyMap<string, Frame> {
  if (news.length === 1) return news[0]!.frames;
  const frames = new Map<string, Frame>();
  for (const one of news) for (const [key, value] of one.frames) frames.set(key, value);
  return frames;
}

/** The wanted ones, with the id at the last: who breaks off in the middle of a part gets all of it again. Empty when none is wanted. */
export function partText(frames: Iterable<Frame>, wanted: ReadonlySet<EventName>, eventId: string): string {
  let text = "";
  let last = "";
  for (const one of frames) {
    if (!wanted.has(one.event)) continue;
    text += last;
    last = one.text;
  }
  return last === "" ? "" : `${text}id: ${eventId}\n${last}`;
}

function frame(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
