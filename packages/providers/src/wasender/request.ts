/** POST /send-message; the type follows from the fields that are there. */
import type { Provider } from "../provider.ts";
import { badCredentials, cannotCarry, isHeaderSafe } from "../refusal.ts";
import type { Content, MediaKind, Recipient } from "../send.ts";

export const buildRequest: Provider["buildRequest"] = (session, request) => {
  const { credentials } = session;
  const { content, replyTo } = request;
  if (credentials.kind !== "wasender" || !isHeaderSafe(credentials.apiKey))
    return { kind: "refused", outcome: badCredentials() };
  const said = contentOf(content);
  if (typeof said === "string") return { kind: "refused", outcome: cannotCarry(said) };
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
        ...said,
        ...(replyTo === null ? {} : { replyTo: Number(replyTo) }),
      }),
    },
  };
};

const urlFields: Record<MediaKind, string> = {
  image: "imageUrl",
  video: "videoUrl",
  audio: "audioUrl",
  document: "documentUrl",
  sticker: "stickerUrl",
};

/** The fields of the request, or why there are none. */
function contentOf(content: Content): object | string {
  switch (content.kind) {
    case "text":
      return { text: content.text.body };
    case "template":
      return "WasenderApi has no templates";
    case "reaction":
      return "WasenderApi has no reactions";
    case "interactive":
      return "WasenderApi has no interactive messages";
    case "location": {
      const { latitude, longitude, name, address } = content.location;
      const words = { ...(name === null ? {} : { name }), ...(address === null ? {} : { address }) };
      return { location: { latitude, longitude, ...words } };
    }
    case "contacts": {
      const [card, ...more] = content.cards;
      const phone = card?.phones[0];
      if (card === undefined || phone === undefined || more.length > 0)
        return "WasenderApi carries one contact card, with a phone number";
      return { contact: { name: card.name, phone } };
    }
    case "poll": {
      const { question, options, multi_select } = content.poll;
      return { poll: { question, options, multiSelect: multi_select } };
    }
    default: {
      const { url, caption, file_name, view_once } = content.media;
      if (url === null) return "WasenderApi takes files by address only";
      const { kind } = content;
      return {
        [urlFields[kind]]: url,
        ...(caption === null || kind === "audio" || kind === "sticker" ? {} : { text: caption }),
        ...(kind === "document" && file_name !== null ? { fileName: file_name } : {}),
        ...(view_once ? { viewOnce: true } : {}),
      };
    }
  }
}

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
