/** The areas of the console in the order of the navigation, each with its letter after `g`. */
import type { IconName } from "../ui/icons.tsx";

type Area = {
  part: string;
  text: string;
  letter: string;
  icon: IconName;
  /** Without this right it is left out. */
  scope: `${string}:read`;
  /** Only for those who look after others. */
  above?: true;
  /** A line before it. */
  gap?: true;
};

export const areas: readonly Area[] = [
  { part: "overview", text: "Overview", letter: "o", icon: "overview", scope: "status:read" },
  { part: "campaigns", text: "Campaigns", letter: "c", icon: "campaigns", scope: "status:read" },
  { part: "messages", text: "Messages", letter: "m", icon: "messages", scope: "status:read" },
  { part: "inbound", text: "Inbound", letter: "i", icon: "inbound", scope: "status:read" },
  { part: "contacts", text: "Contacts", letter: "p", icon: "contacts", scope: "contacts:read" },
  { part: "trouble", text: "Dead letters & doubts", letter: "d", icon: "trouble", scope: "status:read" },
  { part: "analytics", text: "Analytics", letter: "a", icon: "analytics", scope: "status:read" },
  { part: "sessions", text: "Sessions", letter: "s", icon: "sessions", scope: "sessions:read", gap: true },
  { part: "templates", text: "Templates", letter: "t", icon: "templates", scope: "templates:read" },
  { part: "rules", text: "Rules", letter: "r", icon: "rules", scope: "rules:read" },
  { part: "webhooks", text: "Webhooks", letter: "w", icon: "webhooks", scope: "endpoints:read" },
  { part: "keys", text: "API keys", letter: "k", icon: "keys", scope: "keys:read" },
  { part: "plan", text: "Plan & limits", letter: "l", icon: "plan", scope: "tenants:read", gap: true },
  { part: "audit", text: "Audit trail", letter: "h", icon: "audit", scope: "status:read" },
  {
    part: "tenants",
    text: "Tenants",
    letter: "n",
    icon: "tenants",
    scope: "status:read",
    above: true,
  },
];
