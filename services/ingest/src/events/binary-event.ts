/** CloudEvents over HTTP in binary mode: attributes are headers, the body is the data. As of the HTTP binding 1.0.2. Pure. */

/** Content types of structured and batched mode; with any other, headers `ce-…` make an event of the body. */
const structured = /^application\/cloudevents/i;

/** Null where the request is in another mode. Header values are percent-encoded UTF-8. */
export function binaryEvent(
  headers: Readonly<Record<string, unknown>>,
  data: unknown,
): Record<string, unknown> | null {
  const contentType = headers["content-type"];
  if (typeof contentType === "string" && structured.test(contentType)) return null;
  const given = Object.entries(headers).filter(([name]) => name.startsWith("ce-"));
  if (given.length === 0) return null;
  const attributes = given.map(([name, value]) => [name.slice("ce-".length), decoded(String(value))]);
  return { ...Object.fromEntries(attributes), datacontenttype: contentType, data };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
