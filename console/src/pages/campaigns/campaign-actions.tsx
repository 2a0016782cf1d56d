import { useState } from "preact/hooks";
import { post } from "../../api/call.ts";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { CampaignProgress } from "../../shapes/campaign.ts";
import { Button } from "../../ui/button.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { report } from "../../ui/toast.tsx";
import { count, plural } from "../../words/figure.ts";

type Doing = "cancel" | "retry-failed";

export function CampaignActions({
  campaign,
  failed,
  onChange,
}: {
  campaign: CampaignProgress;
  failed: number;
  onChange: () => void;
}) {
  const [asking, setAsking] = useState<Doing | null>(null);
  if (!may("campaigns:write")) return null;
  const { campaign_id: id, state } = campaign;
  const act = (action: string) => post(`/v1/campaigns/${encodeURIComponent(id)}/${action}`);
  const running = state === "expanding" || state === "processing";
  const ended = state === "completed" || state === "cancelled";
  return (
    <>
      {state === "draft" && (
        <Link class="button" data-kind="primary" to={addressHere(["campaigns", id, "start"])}>
          Check and start
        </Link>
      )}
      {running && (
        <Button
          onPress={async () => {
            if (report(await act("pause"), "Paused: what has not left waits.")) onChange();
          }}
        >
          Pause
        </Button>
      )}
      {state === "paused" && (
        <Button
          kind="primary"
          onPress={async () => {
            if (report(await act("resume"), "It goes on.")) onChange();
          }}
        >
          Resume
        </Button>
      )}
      {!ended && state !== "draft" && (
        <Button kind="danger" onPress={() => setAsking("cancel")}>
          Cancel campaign
        </Button>
      )}
      {state === "completed" && failed > 0 && (
        <Button onPress={() => setAsking("retry-failed")}>Try failed ones again</Button>
      )}
      {asking === "cancel" && (
        <FormDialog
          title="Cancel this campaign?"
          submit="Cancel the campaign"
          danger
          onClose={() => setAsking(null)}
          onSubmit={() => act("cancel")}
          onDone={() => {
            setAsking(null);
            onChange();
          }}
        >
          {() => (
            <p>
              What has not left never will: {count(remaining(campaign))} of{" "}
              {plural(campaign.total ?? campaign.expanded, "person", "people")} get nothing. This can't be
              undone.
            </p>
          )}
        </FormDialog>
      )}
      {asking === "retry-failed" && (
        <FormDialog
          title="Try the failed ones again?"
          submit="Send again"
          onClose={() => setAsking(null)}
          onSubmit={() => act("retry-failed")}
          onDone={() => {
            setAsking(null);
            onChange();
          }}
        >
          {() => (
            <p>
              {plural(failed, "message")} that failed or ran out of time leave again as new messages. Consent
              is checked once more; nobody who got it gets it twice.
            </p>
          )}
        </FormDialog>
      )}
    </>
  );
}

function remaining({ counts, total, expanded, skipped }: CampaignProgress): number {
  const waiting = (counts.accepted ?? 0) + (counts.queued ?? 0);
  return waiting + Math.max(0, (total ?? expanded) - expanded - skipped);
}
