/** What a provider's folder gives to the rest of this package. Pure: no clock, no network. */
import type { CallbackItem, ParsedCallback } from "./callback.ts";
import type { Arrival } from "./callback-item.ts";
import type { Answer, HttpQuestion, HttpRequest } from "./exchange.ts";
import type { Found } from "./prober.ts";
import type { Rejection, SenderSession, SendOutcome, SendRequest } from "./send.ts";

export type Provider = {
  /** The HTTP request of a send, or why this provider can't carry it. May throw only on a bug. */
  buildRequest(
    session: SenderSession,
    request: SendRequest,
  ): { kind: "ready"; http: HttpRequest } | { kind: "refused"; outcome: Rejection };
  readAnswer(answer: Answer, request: SendRequest, nowMs: number): SendOutcome;
  /** How the state of a session is asked for, and what the answer says. */
  askState(session: SenderSession): HttpQuestion;
  readState(answer: Answer): Found;
  /** A root that can't be cut gives one unreadable item. */
  split(root: unknown, raw: string, arrival: Arrival): CallbackItem[];
  /** Of one item's body; it may throw, the caller keeps the item as `other`. */
  parse(item: unknown, body: string): ParsedCallback[];
};
