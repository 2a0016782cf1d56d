import type { Loaded } from "../../api/query.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { CampaignProgress } from "../../shapes/campaign.ts";
import type { Page } from "../../shapes/status.ts";
import { Chip } from "../../ui/chip.tsx";
import { Card } from "../../ui/page.tsx";
import { Progress } from "../../ui/progress.tsx";
import { Empty, Show } from "../../ui/states.tsx";
import { count, duration, perSecond } from "../../words/figure.ts";
import { campaignWords } from "../../words/states.ts";
import { figuresOf } from "../campaigns/progress.ts";

const underWay = ["expanding", "processing", "paused", "scheduled"];

export function RunningCampaigns({ from }: { from: Loaded<Page<CampaignProgress>> }) {
  return (
    <Card
      title="Campaigns under way"
      aside={<Link to={addressHere(["campaigns"])}>All campaigns</Link>}
      flush
    >
      <Show from={from} rows={3}>
        {({ items }) => {
          const shown = items.filter(({ state }) => underWay.includes(state)).slice(0, 5);
          if (shown.length === 0)
            return (
              <Empty title="None is running">
                <p>Start one, and its progress is here.</p>
              </Empty>
            );
          return (
            <ul class="card-body stack">
              {shown.map((campaign) => {
                const figures = figuresOf(campaign);
                return (
                  <li key={campaign.campaign_id} class="stack-tight">
                    <div class="row-apart">
                      <Link to={addressHere(["campaigns", campaign.campaign_id])}>{campaign.name}</Link>
                      <Chip of={campaignWords} state={campaign.state} />
                    </div>
                    <Progress
                      small
                      parts={figures.parts}
                      of={figures.toSend}
                      label={`${count(figures.ended)} of ${count(figures.toSend)} ended`}
                    />
                    <span class="muted small">
                      {count(figures.ended)} of {count(figures.toSend)}
                      {campaign.leaving_per_s !== null && ` · ${perSecond(campaign.leaving_per_s)}`}
                      {campaign.eta_s !== null && ` · done in ${duration(campaign.eta_s)}`}
                    </span>
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Show>
    </Card>
  );
}
