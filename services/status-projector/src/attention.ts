/** What a person should look at, worst first. Pure. */
import type { Backlog } from "./backlog.ts";
import type { Activity } from "./reads/activity.ts";
import type { CampaignTrouble, EndpointTrouble, SessionTrouble } from "./reads/tenants.ts";

const severities = ["high", "medium", "low"] as const;
export type Severity = (typeof severities)[number];

export type Attention = {
  severity: Severity;
  code: string;
  tenant: string;
  object_kind: "session" | "campaign" | "endpoint" | "tenant";
  object_id: string;
  text: string;
  /** Null: nobody knows since when. */
  since: Date | null;
};

export type TenantFacts = {
  tenant: string;
  doubts: number;
  dead: { count: number; lastAt: Date } | undefined;
  day: Activity | undefined;
  backlog: Backlog;
};

/** So long nothing that is in order waits, unless its sender wanted it so; then it is worth a look all the same. */
const longWaitS = 3_600;
/** Fewer messages than these say nothing about a rate. */
const minSample = 20;
const badShare = 0.1;

/** Of the session, for people: its states that need one, and those that end by themselves. */
const needsPerson = ["need_scan", "pin_required", "logged_out", "expired", "suspended", "auth_failed"];

export function attentionOf(facts: {
  sessions: readonly SessionTrouble[];
  campaigns: readonly CampaignTrouble[];
  endpoints: readonly EndpointTrouble[];
  tenants: readonly TenantFacts[];
}): Attention[] {
  const found = [
    ...facts.sessions.map(ofSession),
    ...facts.campaigns.map(ofCampaign),
    ...facts.endpoints.map(ofEndpoint),
    ...facts.tenants.flatMap(ofTenant),
  ];
  const worst = (one: Attention) => severities.indexOf(one.severity);
  return found.sort((a, b) => worst(a) - worst(b) || (a.since?.getTime() ?? 0) - (b.since?.getTime() ?? 0));
}

function ofSession({ tenant, session, name, status, quality, since }: SessionTrouble): Attention {
  const object = { tenant, object_kind: "session", object_id: session, since } as const;
  if (status === "connected") {
    const severity = quality === "red" ? "high" : "medium";
    const text = `The provider judges the quality of ${name} as ${quality}.`;
    return { ...object, severity, code: "session_quality", text };
  }
  const severity = needsPerson.includes(status) ? "high" : "medium";
  const text = `${name} is ${status.replaceAll("_", " ")}; its messages wait.`;
  return { ...object, severity, code: `session_${status}`, text };
}

function ofCampaign({ tenant, campaign, name, reason, since }: CampaignTrouble): Attention {
  const why = reason === "error_rate" ? "too many of its messages failed" : reason.replaceAll("_", " ");
  return {
    severity: "high",
    code: "campaign_stopped",
    tenant,
    object_kind: "campaign",
    object_id: campaign,
    text: `${name} was paused by itself: ${why}.`,
    since,
  };
}

function ofEndpoint({ tenant, endpoint, since }: EndpointTrouble): Attention {
  return {
    severity: "high",
    code: "endpoint_disabled",
    tenant,
    object_kind: "endpoint",
    object_id: endpoint,
    text: "This webhook endpoint refused events for so long that it was disabled.",
    since,
  };
}

export function ofTenant({ tenant, doubts, dead, day, backlog }: TenantFacts): Attention[] {
  const object = { tenant, object_kind: "tenant", object_id: tenant } as const;
  const found: Attention[] = [];
  if (doubts > 0)
    found.push({
      ...object,
      severity: "medium",
      code: "doubts",
      text: `Of ${messages(doubts)} it is not known whether they left.`,
      since: null,
    });
  if (dead !== undefined)
    found.push({
      ...object,
      severity: "medium",
      code: "dead_letters",
      text: `${dead.count === 1 ? "One record was" : `${dead.count} records were`} given up in the last 24 hours.`,
      since: dead.lastAt,
    });
  const ended = (day?.delivered ?? 0) + (day?.failed ?? 0);
  if (day !== undefined && ended >= minSample && day.failed / ended > badShare)
    found.push({
      ...object,
      severity: "medium",
      code: "many_failures",
      text: `${Math.round((100 * day.failed) / ended)} % of the messages of the last 24 hours failed.`,
      since: null,
    });
  if ((backlog.oldestWaitS ?? 0) >= longWaitS)
    found.push({
      ...object,
      severity: "low",
      code: "long_wait",
      text: `The oldest waiting message was accepted ${Math.floor(backlog.oldestWaitS! / 3_600)} h ago.`,
      since: null,
    });
  return found;
}

function messages(n: number): string {
  return n === 1 ? "one message" : `${n} messages`;
}

/** Of what came to an end, how much arrived; null: nothing did. */
export function successRatio(day: Activity | undefined): number | null {
  const ended = (day?.delivered ?? 0) + (day?.failed ?? 0) + (day?.expired ?? 0);
  return ended === 0 ? null : Math.round((day!.delivered / ended) * 10_000) / 10_000;
}
