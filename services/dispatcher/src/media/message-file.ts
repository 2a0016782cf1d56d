/** Where a message carries a file that is to be uploaded first, and the same message with the upload's id in its place. Pure. */
import type { Content, OutboundMessage, TemplateParameter } from "@wamesh/events";
import type { MediaKind } from "@wamesh/providers";

export type MessageFile = { kind: MediaKind; url: string };

/** Null: nothing is to be uploaded. The Cloud API alone takes uploads. */
export function fileOf({
  provider,
  content,
}: Pick<OutboundMessage, "provider" | "content">): MessageFile | null {
  if (provider !== "cloud_api") return null;
  const { media, template } = content;
  // A row of a release that did not know the field has none.
  if (media !== null)
    return media.upload === true && media.url !== null
      ? { kind: content.kind as MediaKind, url: media.url }
      : null;
  for (const component of template?.components ?? [])
    if (component.kind === "header")
      for (const parameter of component.parameters) {
        const file = headerFile(parameter);
        if (file !== null) return { kind: file.kind, url: file.value.link };
      }
  return null;
}

export function withUpload(record: OutboundMessage, id: string): OutboundMessage {
  const { content } = record;
  const { media, template } = content;
  if (media !== null)
    return { ...record, content: { ...content, media: { ...media, url: null, provider_id: id } } };
  const components = template!.components.map((component) =>
    component.kind === "header"
      ? { ...component, parameters: component.parameters.map((one) => uploaded(one, id)) }
      : component,
  );
  const replaced: Content = { ...content, template: { ...template!, components } };
  return { ...record, content: replaced };
}

function uploaded(parameter: TemplateParameter, id: string): TemplateParameter {
  const file = headerFile(parameter);
  if (file === null) return parameter;
  const { link: _link, upload: _upload, ...rest } = file.value;
  return { ...parameter, value: JSON.stringify({ ...rest, id }) };
}

const kinds = ["image", "video", "document"] as const;

/** Its value is the provider's object, `link` and for a document `filename`, with our `upload` beside them. */
function headerFile({
  kind,
  value,
}: TemplateParameter): { kind: MediaKind; value: { link: string; upload: true } } | null {
  const known = kinds.find((one) => one === kind);
  // Read once more for each message that asks, so only where it may be one.
  if (known === undefined || !value.includes('"upload"')) return null;
  try {
    const file = JSON.parse(value) as { link?: unknown; upload?: unknown };
    return file.upload === true && typeof file.link === "string"
      ? { kind: known, value: { ...file, link: file.link, upload: true } }
      : null;
  } catch {
    return null;
  }
}
