/** What a key can be allowed, area by area. Pure. */

export type AreaRight = "" | "read" | "write";

/** Tenants and plans are the operator's and agencies', who use their own keys. */
export const areasOfKeys: readonly { area: string; text: string; readOnly?: true }[] = [
  { area: "messages", text: "Messages" },
  { area: "campaigns", text: "Campaigns" },
  { area: "status", text: "What happened", readOnly: true },
  { area: "sessions", text: "Sessions" },
  { area: "templates", text: "Templates" },
  { area: "endpoints", text: "Webhooks" },
  { area: "contacts", text: "Contacts" },
  { area: "events", text: "Events" },
  { area: "rules", text: "Rules" },
  { area: "keys", text: "API keys" },
];

/** Writing implies reading, so it is named alone. */
export function scopesOf(rights: Readonly<Record<string, AreaRight>>): string[] {
  return areasOfKeys.flatMap(({ area }) => {
    const right = rights[area] ?? "";
    return right === "" ? [] : [`${area}:${right}`];
  });
}
