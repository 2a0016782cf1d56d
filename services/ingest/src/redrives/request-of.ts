/** From a message back to the request it was made of, so that the door can judge it anew. Pure; content.ts is the way there. */
import type { Content, OutboundMessage, TemplateContent } from "@wamesh/events";
import { type MessageRequest, maxTtlS } from "../message-request.ts";

type TemplateRequest = NonNullable<MessageRequest["template"]>;

/** Null: it says nothing that is known here. Its time to live is the one it had, counted anew. */
export function requestOf(message: OutboundMessage, sessionId: string): MessageRequest | null {
  const said = saidIn(message.content);
  const { kind, value } = message.recipient;
  if (said === null || kind === "UNKNOWN") return null;
  const livedMs = message.not_after - Math.max(message.send_at ?? 0, message.accepted_at);
  return {
    to: { kind, value },
    session_id: sessionId,
    ...said,
    ...(message.fallback && { fallback: templateIn(message.fallback) }),
    ...(isCategory(message.category) && { category: message.category }),
    ttl_s: Math.min(maxTtlS, Math.max(1, Math.ceil(livedMs / 1000))),
    ...(message.external_ref && { external_ref: message.external_ref }),
    ...(message.reply_to && { reply_to: message.reply_to }),
    ...(message.doubt_policy !== "UNKNOWN" && { doubt_policy: message.doubt_policy }),
  };
}

function isCategory(text: string | null): text is NonNullable<MessageRequest["category"]> {
  return text === "marketing" || text === "utility" || text === "authentication";
}

function saidIn(content: Content): Partial<MessageRequest> | null {
  const { text, template, media, location, contacts, reaction, interactive, poll } = content;
  switch (content.kind) {
    case "text":
      return text && { text };
    case "template":
      return template && { template: templateIn(template) };
    case "location":
      return location && { location: said(location) };
    case "contacts":
      return contacts && { contacts: contacts.cards.map((card) => said(card)) };
    case "reaction":
      return reaction && { reaction };
    case "interactive":
      return interactive && { interactive: JSON.parse(interactive.json) };
    case "poll":
      return poll && { poll };
    case "UNKNOWN":
      return null;
    default:
      return media && { [content.kind]: said(media, false) };
  }
}

function templateIn({ name, language, components }: TemplateContent): TemplateRequest {
  return {
    name,
    language,
    components: components.map((part) => ({
      ...said(part),
      parameters: part.parameters.map((one) => said(one)),
    })) as NonNullable<TemplateRequest["components"]>,
  };
}

type Said<T> = { [Field in keyof T]: Exclude<T[Field], null> };

/** Without the fields that say nothing: a request leaves them out. Of a file, flags that not every kind has. */
function said<T extends object>(part: T, nothing: null | false = null): Said<T> {
  return Object.fromEntries(
    Object.entries(part).filter(([, value]) => value !== null && value !== nothing),
  ) as Said<T>;
}
