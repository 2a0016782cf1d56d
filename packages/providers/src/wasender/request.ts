/** POST /send-message; the type follows from the fields that are there. */
import type { Provider } from "../provider.ts";
import { badCredentials, cannotCarry, isHeaderSafe } from "../refusal.ts";
import type { Recipient } from "../send.ts";

export const buildRequest: Provider["buildRequest"] = (session, request) => {
  const { credentials } = session;
  const { content, replyTo } = request;
  if (credentials.kind !== "wasender" || !isHeaderSafe(credentials.apiKey))
    return { kind: "refused", outcome: badCredentials() };
  if (content.kind !== "text")
    return { kind: "refused", outcome: cannotCarry("WasenderApi has no templates") };
  const to = addressOf(request.recipient);
  if (to === null)
    return { kind: "refused", outcome: cannotCarry("WasenderApi can't address this kind of recipient") };
  // Its own msgId only: WhatsApp's key of an inbound message can't be answered through this API.
  if (replyTo !== null && !/^\d{1,15}$/.test(replyTo))
    return { kind: "refused", outcome: cannotCarry("WasenderApi answers only messages sent through it") };
  return {
    kind: "ready",
    http: {
      path: "/send-message",
      headers: {
        authorization: `Bearer ${credentials.apiKey}`,
        "content-type": "application/json",
        // Without it Laravel may answer with redirects and HTML.
        accept: "application/json",
      },
      body: JSON.stringify({
        to,
        text: content.text.body,
        ...(replyTo === null ? {} : { replyTo: Number(replyTo) }),
      }),
    },
  };
};

function addressOf({ kind, value }: Recipient): string | null {
  switch (kind) {
    case "phone":
      return value.startsWith("+") ? value : `+${value}`;
    case "group":
      return value.endsWith("@g.us") ? value : `${value}@g.us`;
    case "channel":
      return value.endsWith("@newsletter") ? value : `${value}@newsletter`;
    case "bsuid":
      // WhatsApp's own id of a person without a visible number; Meta's are unknown here.
      return value.endsWith("@lid") ? value : null;
  }
}
