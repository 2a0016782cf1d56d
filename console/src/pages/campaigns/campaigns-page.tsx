import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere, place, setQuery } from "../../routing/router.ts";
import type { CampaignProgress } from "../../shapes/campaign.ts";
import { Chip } from "../../ui/chip.tsx";
import { Choice } from "../../ui/field.tsx";
import { List } from "../../ui/list.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Progress } from "../../ui/progress.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { count, duration, percent, perSecond } from "../../words/figure.ts";
import { campaignWords } from "../../words/states.ts";
import { figuresOf } from "./progress.ts";

export function CampaignsPage() {
  const state = place.value.query.get("state") ?? "";
  return (
    <PageShell
      title="Campaigns"
      sub="One message to many people, at the pace of their sessions."
      actions={
        may("campaigns:write") && (
          <Link class="button" data-kind="primary" to={addressHere(["campaigns", "new"])}>
            New campaign
          </Link>
        )
      }
    >
      <div class="filters">
        <Choice
          label="State"
          value={state}
          onValue={(value) => setQuery({ state: value || null })}
          options={[
            ["", "All"],
            ...Object.entries(campaignWords).map(([value, { label }]) => [value, label] as const),
          ]}
        />
      </div>
      <List<CampaignProgress>
        label="Campaigns"
        path="/v1/status/campaigns"
        query={{ state }}
        freshness={{ everyMs: 5_000, live: ({ kind }) => kind === "campaign" }}
        keyOf={({ campaign_id }) => campaign_id}
        empty={
          <Empty title={state === "" ? "No campaign yet" : "None in this state"}>
            <p>
              Upload a list of people, choose a template and a session, and see before the start who would get
              it.
            </p>
          </Empty>
        }
        columns={[
          {
            head: "Campaign",
            lead: true,
            cell: (row) => <Link to={addressHere(["campaigns", row.campaign_id])}>{row.name}</Link>,
          },
          { head: "State", cell: (row) => <Chip of={campaignWords} state={row.state} /> },
          {
            head: "Progress",
            cell: (row) => {
              const { parts, toSend, ended } = figuresOf(row);
              return (
                <div class="progress-cell">
                  <Progress
                    small
                    parts={parts}
                    of={toSend}
                    label={`${count(ended)} of ${count(toSend)} ended`}
                  />
                </div>
              );
            },
          },
          { head: "People", align: "end", cell: (row) => count(figuresOf(row).toSend) },
          {
            head: "Delivered",
            align: "end",
            cell: (row) => {
              const { delivered, sent } = figuresOf(row);
              return percent(delivered, sent);
            },
          },
          { head: "Failed", align: "end", cell: (row) => count(figuresOf(row).failed) },
          {
            head: "Pace",
            align: "end",
            cell: (row) =>
              row.state === "processing" || row.state === "expanding" ? perSecond(row.leaving_per_s) : "–",
          },
          { head: "Left", align: "end", cell: (row) => (row.eta_s === null ? "–" : duration(row.eta_s)) },
          { head: "Changed", cell: (row) => <Time at={row.changed_at} /> },
        ]}
      />
    </PageShell>
  );
}
