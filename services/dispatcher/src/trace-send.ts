/** A send as a span of its message's trace. Of a message whose trace nobody keeps nothing is made, not even a context. */
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { contextOf, isTraced, traceHeaders } from "@wamesh/kafka";
import type { Item } from "@wamesh/pacer";
import type { SendOutcome } from "@wamesh/providers";
import { continueTrace, unpackPayload } from "./payload.ts";

/**
 * What is told of the message from here on continues the span. The context is not sent to the provider: it is none of its
 * business which messages belong together, and a header more is a reason more to refuse.
 */
export async function traceSend(
  { payload, id, tenant, claim, lane }: Item & { claim: number },
  provider: string,
  send: () => Promise<SendOutcome>,
): Promise<SendOutcome> {
  const message = unpackPayload(payload);
  if (!isTraced(message.trace)) return send();
  const span = trace.getTracer("wamesh-dispatcher").startSpan(
    `send ${provider}`,
    {
      kind: SpanKind.CLIENT,
      attributes: {
        "http.request.method": "POST",
        "wamesh.message_id": id,
        "wamesh.tenant": tenant,
        "wamesh.claim": claim,
        "wamesh.lane": lane,
        "wamesh.provider": provider,
      },
    },
    contextOf(message.trace),
  );
  const inside = trace.setSpan(context.active(), span);
  continueTrace(payload, traceHeaders(inside));
  try {
    const outcome = await context.with(inside, send);
    span.setAttribute("wamesh.outcome", outcome.kind);
    if (outcome.kind === "rejected") span.setAttribute("wamesh.reason_code", outcome.code);
    if (outcome.kind !== "accepted") span.setStatus({ code: SpanStatusCode.ERROR });
    return outcome;
  } finally {
    span.end();
  }
}
