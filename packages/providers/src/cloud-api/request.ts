/** POST {phone_number_id}/messages. */
import { isObject, parseJson } from "../json.ts";
import type { Provider } from "../provider.ts";
import { badCredentials, cannotCarry, contentInvalid, isHeaderSafe } from "../refusal.ts";
import type {
  ContactCard,
  Content,
  Media,
  MediaKind,
  Recipient,
  SendRequest,
  TemplateContent,
  TemplateParameter,
} from "../send.ts";

export const buildRequest: Provider["buildRequest"] = (session, request) => {
  const { credentials } = session;
  if (credentials.kind !== "cloud_api" || !isHeaderSafe(credentials.accessToken))
    return { kind: "refused", outcome: badCredentials() };
  const to = addressOf(request.recipient);
  if (to === null) return { kind: "refused", outcome: cannotCarry("The Cloud API has no channels") };
  if (request.content.kind === "poll")
    return { kind: "refused", outcome: cannotCarry("The Cloud API has no polls") };
  const content = contentOf(request.content);
  if (content === null)
    return {
      kind: "refused",
      outcome: contentInvalid("A part of the content that must be an object is not JSON of one"),
    };
  return {
    kind: "ready",
    http: {
      path: `/${encodeURIComponent(session.providerRef)}/messages`,
      headers: {
        authorization: `Bearer ${credentials.accessToken}`,
        "content-type": "application/json",
        accept: "application/json",
      },
      body: JSON.stringify({
        messaging_product: "whatsapp",
        ...to,
        ...content,
        ...(request.replyTo === null ? {} : { context: { message_id: request.replyTo } }),
        biz_opaque_callback_data: echoOf(request),
      }),
    },
  };
};

/** Comes back in every status of the message, even when the answer to the send got lost. Meta allows 512 characters. */
export function echoOf(request: Pick<SendRequest, "messageId" | "claim">): string {
  return `${request.messageId}.${request.claim}`;
}

/** The last dot parts them: a message id may hold dots. null for data of other senders on the same account. */
export function parseEcho(echo: string | null): { messageId: string; claim: number } | null {
  const parts = echo === null ? null : /^(.{1,500})\.([1-9]\d{0,8})$/s.exec(echo);
  return parts === null ? null : { messageId: parts[1]!, claim: Number(parts[2]) };
}

/** Phone numbers go with their `+`: without it Meta puts the business's own country code before them. */
function addressOf(recipient: Recipient): object | null {
  switch (recipient.kind) {
    case "phone":
      return {
        recipient_type: "individual",
        to: recipient.value.startsWith("+") ? recipient.value : `+${recipient.value}`,
      };
    case "bsuid":
      return { recipient_type: "individual", recipient: recipient.value };
    case "group":
      return { recipient_type: "group", to: recipient.value };
    case "channel":
      return null;
  }
}

function contentOf(content: Exclude<Content, { kind: "poll" }>): object | null {
  const type = content.kind;
  switch (content.kind) {
    case "text":
      return { type, text: { body: content.text.body, preview_url: content.text.preview_url } };
    case "template":
      return templateOf(content.template);
    case "location": {
      const { latitude, longitude, name, address } = content.location;
      return { type, location: { latitude, longitude, ...given({ name, address }) } };
    }
    case "contacts":
      return { type, contacts: content.cards.map(cardOf) };
    case "reaction":
      return { type, reaction: { message_id: content.reaction.message_id, emoji: content.reaction.emoji } };
    case "interactive": {
      const interactive = parseJson(content.json);
      return isObject(interactive) ? { type, interactive } : null;
    }
    default:
      return { type, [type]: mediaOf(content.kind, content.media) };
  }
}

function mediaOf(kind: MediaKind, { url, provider_id, caption, file_name, voice }: Media): object {
  return given({
    ...(provider_id === null ? { link: url } : { id: provider_id }),
    caption: kind === "audio" || kind === "sticker" ? null : caption,
    filename: kind === "document" ? file_name : null,
    voice: kind === "audio" && voice ? true : null,
  });
}

function cardOf({ name, first_name, last_name, company, phones, emails, urls }: ContactCard): object {
  return {
    // Meta wants one more part of the name than the whole.
    name: {
      formatted_name: name,
      ...given({ first_name: first_name ?? (last_name === null ? name : null), last_name }),
    },
    ...(company === null ? {} : { org: { company } }),
    ...(phones.length === 0 ? {} : { phones: phones.map((phone) => ({ phone })) }),
    ...(emails.length === 0 ? {} : { emails: emails.map((email) => ({ email })) }),
    ...(urls.length === 0 ? {} : { urls: urls.map((url) => ({ url })) }),
  };
}

/** Without what is null: Meta refuses a null where a text belongs. */
function given(parts: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== null));
}

function templateOf(template: TemplateContent): object | null {
  const components: object[] = [];
  for (const component of template.components) {
    const parameters = component.parameters.map(parameterOf);
    if (parameters.includes(null)) return null;
    components.push({
      type: component.kind,
      ...(component.sub_type === null ? {} : { sub_type: component.sub_type }),
      ...(component.index === null ? {} : { index: String(component.index) }),
      parameters,
    });
  }
  return {
    type: "template",
    template: {
      name: template.name,
      language: { code: template.language, policy: "deterministic" },
      // A template without variables takes no components at all.
      ...(components.length === 0 ? {} : { components }),
    },
  };
}

const plainKinds = ["text", "payload", "coupon_code"];

function parameterOf(parameter: TemplateParameter): object | null {
  const name = parameter.name === null ? {} : { parameter_name: parameter.name };
  if (plainKinds.includes(parameter.kind))
    return { type: parameter.kind, ...name, [parameter.kind]: parameter.value };
  const value = parseJson(parameter.value);
  return isObject(value) ? { type: parameter.kind, ...name, [parameter.kind]: value } : null;
}
