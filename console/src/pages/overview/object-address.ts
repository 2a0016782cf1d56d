/** Where one looks at what asks for attention; null for what has no page. Pure. */
import type { Attention } from "../../shapes/status.ts";

/** What is about a tenant as a whole is looked at where its cause can be seen. */
const byCode: Readonly<Record<string, readonly string[]>> = {
  doubts: ["trouble", "doubts"],
  dead_letters: ["trouble"],
  many_failures: ["messages"],
  long_wait: ["messages"],
  no_session_connected: ["sessions"],
};

const areas: Readonly<Record<string, string>> = {
  session: "sessions",
  campaign: "campaigns",
  endpoint: "webhooks",
  template: "templates",
  message: "messages",
};

export function objectParts({
  code,
  object_kind: kind,
  object_id: id,
}: Pick<Attention, "code" | "object_kind" | "object_id">): readonly string[] | null {
  const area = areas[kind];
  if (area !== undefined) return id === "" ? [area] : [area, id];
  return kind === "tenant" ? (byCode[code] ?? ["overview"]) : null;
}
