/** Carries out a fault of the send request itself. */
import type { Fault } from "./faults.ts";
import { answerText, type Call } from "./http.ts";

/** A held connection is closed after this long, should the sender have no deadline of its own. */
const HOLD_MS = 120_000;

const GATEWAY_PAGE =
  "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>";

/** Whether the message is on its way in spite of the answer. */
export function goesOut(fault: Fault): boolean {
  switch (fault.kind) {
    case "timeout_but_sent":
    case "reset_but_sent":
      return true;
    case "http_5xx":
    case "broken_body":
    case "reset_mid_answer":
      return fault.sent;
    default:
      return false;
  }
}

/** What each provider says in its own words. */
export type Refusals = { tooMany(): void; refused(): void };

export function answerFaulty(call: Call, fault: Fault, refusals: Refusals): void {
  switch (fault.kind) {
    case "timeout_but_sent":
    case "timeout_not_sent":
      setTimeout(() => call.req.socket.destroy(), HOLD_MS).unref();
      return;
    case "reset_but_sent":
      call.req.socket.resetAndDestroy();
      return;
    case "reset_mid_answer":
      // The head and the beginning of the body arrive; a reset at once might overtake them.
      call.res.writeHead(200, { "content-type": "application/json", "content-length": 200 });
      call.res.write('{"messages":[{"id":"wamid.HBg', () =>
        setTimeout(() => call.req.socket.resetAndDestroy(), 20),
      );
      return;
    case "http_5xx":
      answerText(call.res, fault.status ?? 502, "text/html", GATEWAY_PAGE);
      return;
    case "broken_body":
      answerText(call.res, 200, "application/json", '{"messages":[{"id":"wamid.HBg');
      return;
    case "http_429":
      refusals.tooMany();
      return;
    case "refused":
      refusals.refused();
      return;
    default:
      throw new Error(`${fault.kind} is no fault of a request`);
  }
}
