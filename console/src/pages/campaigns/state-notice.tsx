import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { CampaignProgress } from "../../shapes/campaign.ts";
import { Notice } from "../../ui/states.tsx";
import { explain } from "../../words/reason.ts";
import { spelled } from "../../words/tone.ts";
import { figuresOf } from "./progress.ts";

/** Reasons of a campaign's state that are no reason codes of messages. */
const causes: Readonly<Record<string, string>> = {
  error_rate:
    "Too many of its messages failed, and it was told to stop then. Look at why they failed before it goes on.",
  person: "A person paused it.",
  paused: "A person paused it.",
};

/** What its state means for what happens next, where that is not plain. */
export function StateNotice({ campaign }: { campaign: CampaignProgress }) {
  const { state, reason, campaign_id } = campaign;
  const { ended, doubtful, toSend } = figuresOf(campaign);
  const why = reason === null || reason === "" ? null : (causes[reason] ?? explain(reason).meaning);
  if (state === "draft")
    return (
      <Notice title="It has not started">
        <p>
          <Link to={addressHere(["campaigns", campaign_id, "start"])}>
            See who would get it, and start it.
          </Link>
        </p>
      </Notice>
    );
  if (state === "paused")
    return (
      <Notice
        tone="warn"
        title={reason === "error_rate" ? "It stopped itself" : "Nothing leaves while it is paused"}
      >
        <p>{why ?? "Messages that are already with the provider go on; the others wait."}</p>
      </Notice>
    );
  // Its end and what became of its messages come by different topics.
  if (state === "completed" && ended + doubtful < toSend)
    return (
      <Notice title="Its figures are still coming in">
        <p>Every message has come to its end; what is shown here follows in a moment.</p>
      </Notice>
    );
  if (state === "cancelled")
    return (
      <Notice title="It was cancelled">
        <p>{why ?? "What had not left by then never will."}</p>
      </Notice>
    );
  if (why !== null)
    return (
      <Notice tone="warn" title={`It waits: ${spelled(reason ?? "").toLowerCase()}`}>
        <p>
          {why} {explain(reason ?? "").remedy}
        </p>
      </Notice>
    );
  return null;
}
