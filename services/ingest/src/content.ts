/** From what was asked for to what travels in OutboundMessage. Pure. */
import {
  type ContactCard,
  type Content,
  content,
  type MediaContent,
  type TemplateComponent,
  type TemplateContent,
  type TemplateParameter,
} from "@wamesh/events";
import { type ContentName, contentNames, type FileRequest } from "./content-request.ts";
import type { MessageRequest } from "./message-request.ts";

type TemplateRequest = NonNullable<MessageRequest["template"]>;

export function contentOf(request: Pick<MessageRequest, ContentName>): Content {
  // The schema asks for exactly one of them.
  const kind = contentNames.find((name) => request[name] !== undefined)!;
  switch (kind) {
    case "text":
      return content(kind, { text: request.text! });
    case "template":
      return content(kind, { template: templateOf(request.template!) });
    case "location": {
      const { latitude, longitude, name = null, address = null } = request.location!;
      return content(kind, { location: { latitude, longitude, name, address } });
    }
    case "contacts":
      return content(kind, { contacts: { cards: request.contacts!.map(cardOf) } });
    case "reaction":
      return content(kind, { reaction: request.reaction! });
    case "interactive":
      return content(kind, {
        interactive: { kind: request.interactive!.type, json: JSON.stringify(request.interactive) },
      });
    case "poll":
      return content(kind, { poll: request.poll! });
    default:
      return content(kind, { media: mediaOf(request[kind]!) });
  }
}

function mediaOf(file: FileRequest): MediaContent {
  const { url = null, provider_id = null, caption = null, file_name = null } = file;
  return {
    url,
    provider_id,
    caption,
    file_name,
    voice: file.voice ?? false,
    view_once: file.view_once ?? false,
    upload: file.upload ?? false,
  };
}

function cardOf(card: NonNullable<MessageRequest["contacts"]>[number]): ContactCard {
  const { name, first_name = null, last_name = null, company = null, phones, emails, urls } = card;
  return { name, first_name, last_name, company, phones, emails, urls };
}

export function templateOf(request: TemplateRequest): TemplateContent {
  const components = (request.components ?? []).map(
    (part): TemplateComponent => ({
      kind: part.kind,
      sub_type: part.sub_type ?? null,
      index: part.index ?? null,
      parameters: part.parameters.map((one) => ({
        kind: one.kind,
        name: one.name ?? null,
        value: typeof one.value === "string" ? one.value : JSON.stringify(withoutNo(one.value)),
      })),
    }),
  );
  const body = bodyParameters(request.variables);
  // A template without variables has no components at all: an empty body component is refused by Meta.
  if (body.length > 0) components.push({ kind: "body", sub_type: null, index: null, parameters: body });
  return { name: request.name, language: request.language, components };
}

/** `upload` is a word of ours: a file that is not to be uploaded travels as the provider knows it. */
function withoutNo(value: Record<string, unknown>): Record<string, unknown> {
  const { upload, ...rest } = value;
  return upload === true ? value : rest;
}

function bodyParameters(variables: TemplateRequest["variables"]): TemplateParameter[] {
  if (variables === undefined) return [];
  if (Array.isArray(variables)) return variables.map((value) => ({ kind: "text", name: null, value }));
  return Object.entries(variables).map(([name, value]) => ({ kind: "text", name, value }));
}
