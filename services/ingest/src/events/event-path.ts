/** Paths into an event, `data.customer.phone`: how rules name a value. Pure. */
import { z } from "@hono/zod-openapi";
import type { DomainEvent } from "@wamesh/events";

/** What a path may start with: the CloudEvents attributes, and its data. */
const roots = ["data", "id", "source", "type", "subject", "time"] as const;
const form = new RegExp(`^(data(\\.[A-Za-z0-9_-]{1,64}){1,10}|${roots.slice(1).join("|")})$`);

export const eventPath = z
  .string()
  .max(512)
  .regex(
    form,
    `data.… with names between dots (a list's item by its number), or one of ${roots.slice(1).join(", ")}`,
  );

export type EventView = Record<(typeof roots)[number], unknown>;

/** The event as its producer wrote it; null when its data is not a JSON object. */
export function viewEvent(event: DomainEvent): EventView | null {
  const data = parseObject(event.data);
  if (data === null) return null;
  return {
    data,
    id: event.event_id,
    source: event.source,
    type: event.type,
    subject: event.subject,
    time: new Date(event.occurred_at).toISOString(),
  };
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * The text at the path, or null when there is none: absent, null, blank, an object or a list; without U+0000. Own properties only, so that
 * no path reaches what an object inherits (`data.constructor.name`).
 */
export function textAt(view: EventView, path: string): string | null {
  let value: unknown = view;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Record<string, unknown>)[name];
  }
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return null;
  const text = value.replaceAll("\0", "");
  return text.trim() === "" ? null : text;
}
