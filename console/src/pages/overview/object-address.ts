/** Where one looks at the thing that asks for attention; null for what has no page. Pure. */
export function objectParts(kind: string | null, id: string | null): readonly string[] | null {
  switch (kind) {
    case "doubt":
    case "doubts":
      return ["trouble", "doubts"];
    case "dead_letter":
    case "dead_letters":
      return ["trouble"];
    case "tenant":
      return ["overview"];
  }
  const area = {
    session: "sessions",
    campaign: "campaigns",
    message: "messages",
    endpoint: "webhooks",
    template: "templates",
  }[kind ?? ""];
  if (area === undefined) return null;
  return id === null || id === "" ? [area] : [area, id];
}
