import { useGet } from "../../api/query.ts";
import { looked, may, me } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { CampaignProgress } from "../../shapes/campaign.ts";
import type { SessionLoad } from "../../shapes/session.ts";
import type { Overview, Page } from "../../shapes/status.ts";
import { Card, Figures, PageShell } from "../../ui/page.tsx";
import { Empty, Show } from "../../ui/states.tsx";
import { compact, count, duration, percent } from "../../words/figure.ts";
import { TenantTable } from "../tenants/tenant-table.tsx";
import { AttentionList } from "./attention-list.tsx";
import { RunningCampaigns } from "./running-campaigns.tsx";
import { SessionStrip } from "./session-strip.tsx";

export function OverviewPage() {
  const overview = useGet<Overview>(
    "/v1/status/overview",
    {},
    { everyMs: 5_000, live: ({ kind }) => kind !== "message" },
  );
  const campaigns = useGet<Page<CampaignProgress>>(
    "/v1/status/campaigns",
    { limit: 20 },
    {
      everyMs: 10_000,
      live: ({ kind }) => kind === "campaign",
    },
  );
  const sessions = useGet<Page<SessionLoad>>(
    "/v1/status/sessions",
    { limit: 200 },
    { everyMs: 10_000, live: ({ kind }) => kind === "session" },
  );
  const who = me.value;
  const names = new Map([
    ...(sessions.data?.items ?? []).map(({ session_id, name }) => [session_id, name] as const),
    ...(campaigns.data?.items ?? []).map(({ campaign_id, name }) => [campaign_id, name] as const),
  ]);
  const own = looked.value?.tenant === who?.tenant;
  return (
    <PageShell
      title="Overview"
      sub={looked.value?.name}
      actions={
        may("campaigns:write") && (
          <Link class="button" to={addressHere(["campaigns", "new"])}>
            New campaign
          </Link>
        )
      }
    >
      <Card title="Needs attention" flush>
        <Show from={overview} rows={3}>
          {({ attention }) =>
            attention.length === 0 ? (
              <Empty title="Nothing needs you now">
                <p>
                  Sessions that drop, campaigns that stop, failing endpoints and doubts would stand here,
                  worst first.
                </p>
              </Empty>
            ) : (
              <AttentionList items={attention} names={names} />
            )
          }
        </Show>
      </Card>
      <Show from={overview} rows={2}>
        {({ today, queued, oldest_wait_s }) => {
          const waiting = queued.otp + queued.standard + queued.bulk;
          return (
            <Figures
              items={[
                { name: "Accepted today", value: count(today.accepted) },
                {
                  name: "Sent",
                  value: count(today.sent),
                  note: shareOf(today.sent, today.accepted, "accepted"),
                },
                {
                  name: "Delivered",
                  value: count(today.delivered),
                  note: shareOf(today.delivered, today.sent, "sent"),
                },
                {
                  name: "Read",
                  value: count(today.read),
                  note: shareOf(today.read, today.sent, "sent"),
                },
                {
                  name: "Failed",
                  value: count(today.failed),
                  note: shareOf(today.failed, today.accepted, "accepted"),
                },
                {
                  name: "Waiting",
                  value: count(waiting),
                  note:
                    waiting === 0 ? (
                      "nothing waits"
                    ) : (
                      <>
                        longest {duration(oldest_wait_s)}
                        <br />
                        bulk {compact(queued.bulk)}, standard {compact(queued.standard)}, codes{" "}
                        {compact(queued.otp)}
                      </>
                    ),
                },
              ]}
            />
          );
        }}
      </Show>
      <div class="halves">
        <RunningCampaigns from={campaigns} />
        <SessionStrip from={sessions} />
      </div>
      {own && who?.kind !== "tenant" && (
        <Card title="Tenants" flush aside={<Link to={addressHere(["tenants"])}>All tenants</Link>}>
          <TenantTable most={8} />
        </Card>
      )}
    </PageShell>
  );
}

/** Nothing is no share of nothing. */
function shareOf(part: number, of: number, what: string): string | undefined {
  return of === 0 ? undefined : `${percent(part, of)} of ${what}`;
}
