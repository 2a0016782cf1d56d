import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { Campaign, CampaignProgress } from "../../shapes/campaign.ts";
import { Chip } from "../../ui/chip.tsx";
import { Card, Facts, Figures, PageShell } from "../../ui/page.tsx";
import { Progress } from "../../ui/progress.tsx";
import { ProblemNotice, Skeleton } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { count, duration, percent, perSecond } from "../../words/figure.ts";
import { explain } from "../../words/reason.ts";
import { campaignWords } from "../../words/states.ts";
import { CampaignActions } from "./campaign-actions.tsx";
import { CampaignCurve } from "./campaign-curve.tsx";
import { figuresOf } from "./progress.ts";
import { StateNotice } from "./state-notice.tsx";

const moving = ["expanding", "processing", "scheduled"];

export function CampaignPage({ id }: { id: string }) {
  const from = useGet<CampaignProgress>(
    `/v1/status/campaigns/${encodeURIComponent(id)}`,
    {},
    {
      everyMs: 2_000,
      live: (event) =>
        (event.kind === "campaign" && event.id === id) || (event.kind === "message" && event.g === id),
    },
  );
  // What keeps it waiting right now is known where it is made into messages.
  const waits = useGet<Campaign>(
    from.data !== null && moving.includes(from.data.state) && may("campaigns:read")
      ? `/v1/campaigns/${encodeURIComponent(id)}`
      : null,
    {},
    { everyMs: 10_000 },
  );
  const campaign = from.data;
  const crumb = { to: addressHere(["campaigns"]), text: "Campaigns" };
  if (campaign === null)
    return (
      <PageShell title="Campaign" crumb={crumb}>
        {from.problem === null ? <Skeleton /> : <ProblemNotice problem={from.problem} retry={from.refresh} />}
      </PageShell>
    );
  const figures = figuresOf(campaign);
  const messages = (query: Record<string, string>) => addressHere(["messages"], { campaign: id, ...query });
  return (
    <PageShell
      title={campaign.name}
      crumb={crumb}
      beside={<Chip of={campaignWords} state={campaign.state} />}
      actions={<CampaignActions campaign={campaign} failed={figures.failed} onChange={from.refresh} />}
    >
      <ProblemNotice problem={from.problem} />
      <StateNotice campaign={{ ...campaign, reason: campaign.reason ?? waits.data?.reason ?? null }} />
      <Card title="Progress" aside={<Link to={messages({})}>Its messages</Link>}>
        <Progress
          parts={figures.parts}
          of={figures.toSend}
          label={`${count(figures.sent)} of ${count(figures.toSend)} sent, ${count(figures.failed)} failed`}
        />
      </Card>
      <Figures
        items={[
          { name: "To send", value: count(figures.toSend), note: `${count(campaign.skipped)} left out` },
          { name: "Sent", value: count(figures.sent), note: percent(figures.sent, figures.toSend) },
          {
            name: "Delivered",
            value: count(figures.delivered),
            note: `${percent(figures.delivered, figures.sent)} of sent`,
          },
          {
            name: "Read",
            value: count(figures.read),
            note: `${percent(figures.read, figures.sent)} of sent`,
          },
          {
            name: "Failed",
            value:
              figures.failed === 0 ? (
                count(0)
              ) : (
                <Link to={messages({ status: "failed" })}>{count(figures.failed)}</Link>
              ),
            note:
              figures.doubtful > 0
                ? `and ${count(figures.doubtful)} in doubt`
                : percent(figures.failed, figures.toSend),
          },
          moving.includes(campaign.state)
            ? {
                name: "Leaving",
                value: perSecond(campaign.leaving_per_s),
                note: `done in ${duration(campaign.eta_s)}`,
              }
            : campaign.completed_at === null
              ? { name: "Not sent", value: count(figures.toSend - figures.ended) }
              : { name: "Took", value: took(campaign) },
        ]}
      />
      <CampaignCurve id={id} state={campaign.state} moving={moving.includes(campaign.state)} />
      <div class="halves">
        <Card title="Why messages failed" flush>
          <Counted
            rows={(campaign.errors ?? []).map(({ code, count: n }) => ({ code, n }))}
            none="None failed."
            to={(code) => messages({ error: code })}
          />
        </Card>
        <Card title="Who was left out" flush>
          <Counted
            rows={(campaign.skips ?? []).map(({ reason, count: n }) => ({ code: reason, n }))}
            none="Nobody was left out."
          />
        </Card>
      </div>
      <Card title="What it is">
        <Facts
          rows={[
            ["Template", campaign.template],
            ["Leaves from", campaign.session_id ?? (campaign.pool === null ? null : `pool ${campaign.pool}`)],
            [
              "Pace limit",
              campaign.rate_per_s === null ? "that of its sessions" : perSecond(campaign.rate_per_s),
            ],
            ["Run", campaign.run > 1 ? `${campaign.run}: failed ones were tried again` : null],
            ["Made", <Time key="t" at={campaign.created_at} />],
            ["Started", campaign.started_at === null ? null : <Time key="t" at={campaign.started_at} />],
            [
              "Completed",
              campaign.completed_at === null ? null : <Time key="t" at={campaign.completed_at} />,
            ],
            [
              "Id",
              <span key="i" class="id">
                {campaign.campaign_id}
              </span>,
            ],
          ]}
        />
      </Card>
    </PageShell>
  );
}

function took({ started_at, completed_at }: CampaignProgress): string {
  if (started_at === null || completed_at === null) return "–";
  return duration((Date.parse(completed_at) - Date.parse(started_at)) / 1_000);
}

/** Codes in plain language with their counts, the most frequent first. */
function Counted({
  rows,
  none,
  to,
}: {
  rows: readonly { code: string; n: number }[];
  none: string;
  to?: (code: string) => string;
}) {
  if (rows.length === 0) return <p class="card-body muted">{none}</p>;
  return (
    <Table
      label="Reasons"
      rows={[...rows].sort((a, b) => b.n - a.n)}
      keyOf={({ code }) => code}
      columns={[
        {
          head: "Reason",
          lead: true,
          cell: ({ code }) => {
            const { title, meaning, remedy } = explain(code);
            return (
              <span>
                {to === undefined ? title : <Link to={to(code)}>{title}</Link>}
                <span class="under">
                  {meaning} {remedy}
                </span>
              </span>
            );
          },
        },
        { head: "People", align: "end", cell: ({ n }) => count(n) },
      ]}
    />
  );
}
