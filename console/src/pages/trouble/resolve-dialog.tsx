import { type Answer, post } from "../../api/call.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { say } from "../../ui/toast.tsx";
import { plural } from "../../words/figure.ts";

export type Decision = "resend" | "accept_unknown";

type Result = {
  items: readonly { message_id: string; accepted?: unknown; problem?: { detail?: string } | string | null }[];
};

/** As many as the API takes in one request. */
const most = 1_000;

export function ResolveDialog({
  decision,
  ids,
  onClose,
  onDone,
}: {
  decision: Decision;
  ids: readonly string[];
  onClose: () => void;
  onDone: () => void;
}) {
  const resend = decision === "resend";
  return (
    <FormDialog<Result>
      title={
        resend
          ? `Send ${plural(ids.length, "message")} again?`
          : `Leave ${plural(ids.length, "message")} unknown?`
      }
      submit={resend ? "Send again" : "Leave unknown"}
      danger={resend}
      onClose={onClose}
      onSubmit={(): Promise<Answer<Result>> =>
        post("/v1/resolutions", { message_ids: ids.slice(0, most), decision })
      }
      onDone={({ items }) => {
        const refused = items.filter(({ problem }) => problem != null).length;
        say(
          `${plural(items.length - refused, "decision")} taken down.`,
          refused === 0 ? "good" : "bad",
          refused === 0 ? "" : `${plural(refused, "message")} could not be decided any more.`,
        );
        onDone();
      }}
    >
      {() => (
        <p>
          {resend
            ? "Nobody knows whether the first ones left. Whoever got one gets the message twice."
            : "They end unconfirmed, and this mesh can't send them again. A receipt that still comes corrects it."}
        </p>
      )}
    </FormDialog>
  );
}
