/** A request's headers without the cost of a Headers object, which is more than all else that a small request needs here. */
import type { IncomingMessage } from "node:http";
import type { Context } from "hono";

export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** By lower-case names, as node parsed them; as the web's Request has them where there is no server below. */
export function headersOf(context: Context): RequestHeaders {
  const { incoming } = (context.env ?? {}) as { incoming?: IncomingMessage };
  // Only set-cookie is ever a list, and that is an answer's.
  return incoming === undefined ? context.req.header() : (incoming.headers as RequestHeaders);
}
