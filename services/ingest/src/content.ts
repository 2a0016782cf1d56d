/** From what was asked for to what travels in OutboundMessage. Pure. */
import type { Content, TemplateComponent, TemplateContent, TemplateParameter } from "@wamesh/events";
import type { MessageRequest } from "./message-request.ts";

type TemplateRequest = NonNullable<MessageRequest["template"]>;

export function contentOf(request: Pick<MessageRequest, "text" | "template">): Content {
  if (request.template !== undefined)
    return { kind: "template", text: null, template: templateOf(request.template) };
  const { body, preview_url } = request.text!; // The schema asks for one of the two.
  return { kind: "text", text: { body, preview_url }, template: null };
}

function templateOf(request: TemplateRequest): TemplateContent {
  const components = (request.components ?? []).map(
    (part): TemplateComponent => ({
      kind: part.kind,
      sub_type: part.sub_type ?? null,
      index: part.index ?? null,
      parameters: part.parameters.map((one) => ({
        kind: one.kind,
        name: one.name ?? null,
        value: typeof one.value === "string" ? one.value : JSON.stringify(one.value),
      })),
    }),
  );
  const body = bodyParameters(request.variables);
  // A template without variables has no components at all: an empty body component is refused by Meta.
  if (body.length > 0) components.push({ kind: "body", sub_type: null, index: null, parameters: body });
  return { name: request.name, language: request.language, components };
}

function bodyParameters(variables: TemplateRequest["variables"]): TemplateParameter[] {
  if (variables === undefined) return [];
  if (Array.isArray(variables)) return variables.map((value) => ({ kind: "text", name: null, value }));
  return Object.entries(variables).map(([name, value]) => ({ kind: "text", name, value }));
}
