import { useGet } from "../../api/query.ts";
import { looked, may, me } from "../../api/session.ts";
import type { Overview, Page } from "../../shapes/status.ts";
import type { Plan, Tenant } from "../../shapes/tenancy.ts";
import { Card, Facts, PageShell } from "../../ui/page.tsx";
import { Progress } from "../../ui/progress.tsx";
import { Show } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { count, percent } from "../../words/figure.ts";
import { spelled } from "../../words/tone.ts";

export function PlanPage() {
  const id = looked.value?.tenant ?? "";
  const tenant = useGet<Tenant>(may("tenants:read") ? `/v1/tenants/${encodeURIComponent(id)}` : null);
  const plan = useGet<Plan>(
    tenant.data === null ? null : `/v1/plans/${encodeURIComponent(tenant.data.plan)}`,
  );
  const overview = useGet<Overview>(
    may("status:read") ? "/v1/status/overview" : null,
    {},
    { everyMs: 10_000 },
  );
  const who = me.value;
  return (
    <PageShell title="Plan & limits" sub="What this tenant may do, and how much of it is in use.">
      <div class="halves">
        <Card title={plan.data === null ? "Plan" : `Plan ${plan.data.id}`}>
          <Show from={plan} rows={6}>
            {(found) => <PlanFacts plan={found} overview={overview.data} />}
          </Show>
        </Card>
        <Card title="Settings">
          <Show from={tenant} rows={6}>
            {({ settings, parent, is_agency, max_children }) => (
              <Facts
                rows={[
                  ["Quiet hours", quietHours(settings)],
                  ["Doubts, one-time codes", spelled(settings.doubt_otp)],
                  ["Doubts, standard", spelled(settings.doubt_standard)],
                  ["Doubts, bulk", spelled(settings.doubt_bulk)],
                  ["Messages are kept", `${count(settings.retention_days)} days`],
                  ["Looked after by", parent],
                  [
                    "Tenants below it",
                    is_agency
                      ? max_children === null
                        ? "without a limit"
                        : `up to ${count(max_children)}`
                      : null,
                  ],
                ]}
              />
            )}
          </Show>
        </Card>
      </div>
      {who?.kind === "operator" && who.tenant === id && may("plans:read") && <AllPlans />}
    </PageShell>
  );
}

function PlanFacts({ plan, overview }: { plan: Plan; overview: Overview | null }) {
  const waiting =
    overview === null ? null : overview.queued.otp + overview.queued.standard + overview.queued.bulk;
  const sent = overview?.today.sent ?? null;
  return (
    <Facts
      rows={[
        ["Messages a minute", limit(plan.per_minute)],
        ["Messages a day", <Used key="d" used={sent} of={plan.per_day} what="sent today" />],
        ["Messages waiting", <Used key="w" used={waiting} of={plan.max_queued} what="waiting" />],
        ["Bulk lane", plan.bulk ? "yes" : "no"],
        ["Requests a second and key", limit(plan.requests_per_s, "500")],
        ["Codes to one person, 10 min", limit(plan.otp_per_recipient, "5")],
        ["Codes to one prefix, 10 min", limit(plan.otp_per_prefix, "200")],
        ["Share when tenants wait", `weight ${plan.weight}`],
      ]}
    />
  );
}

function Used({ used, of, what }: { used: number | null; of: number | null; what: string }) {
  if (of === null || used === null)
    return (
      <>
        {limit(of)}
        {used !== null && (
          <span class="muted">
            {" "}
            · {count(used)} {what}
          </span>
        )}
      </>
    );
  return (
    <span class="stack-tight">
      <span>
        {count(of)}{" "}
        <span class="muted">
          · {count(used)} {what}, {percent(used, of)}
        </span>
      </span>
      <Progress
        small
        label={`${count(used)} of ${count(of)} ${what}`}
        of={of}
        parts={[{ series: "sent", name: what, count: Math.min(used, of) }]}
      />
    </span>
  );
}

function AllPlans() {
  const plans = useGet<Page<Plan>>("/v1/plans", { limit: 100 });
  return (
    <Card title="All plans" flush>
      <Show from={plans}>
        {({ items }) => (
          <Table
            label="All plans"
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              { head: "Plan", lead: true, cell: ({ id }) => <span class="lead">{id}</span> },
              { head: "A minute", align: "end", cell: (row) => limit(row.per_minute) },
              { head: "A day", align: "end", cell: (row) => limit(row.per_day) },
              { head: "May wait", align: "end", cell: (row) => count(row.max_queued) },
              { head: "Bulk", cell: (row) => (row.bulk ? "yes" : "no") },
              { head: "Weight", align: "end", cell: (row) => row.weight },
            ]}
          />
        )}
      </Show>
    </Card>
  );
}

/** `usual`: what holds where the plan says nothing. */
function limit(value: number | null | undefined, usual = "no limit"): string {
  return value == null ? usual : count(value);
}

function quietHours({ quiet_start: start, quiet_end: end, time_zone: zone }: Tenant["settings"]): string {
  return start === null || end === null ? "none" : `${start} to ${end}, ${zone}`;
}
