import { useState } from "preact/hooks";
import { call, post } from "../../api/call.ts";
import { may } from "../../api/session.ts";
import type { WholeMessage } from "../../shapes/message.ts";
import { Button } from "../../ui/button.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { say } from "../../ui/toast.tsx";

type Decision = "cancel" | "resend" | "accept_unknown";

const words: Readonly<Record<Decision, { title: string; submit: string; text: string }>> = {
  cancel: {
    title: "Take this message back?",
    submit: "Cancel the message",
    text: "If it has not left yet, it never will. If it leaves at this moment, this changes nothing.",
  },
  resend: {
    title: "Send it once more?",
    submit: "Send again",
    text: "Nobody knows whether the first one left. If it did, the person gets this message twice.",
  },
  accept_unknown: {
    title: "Leave it unknown?",
    submit: "Leave unknown",
    text: "It ends unconfirmed and can't be sent again by this mesh. A receipt that still comes corrects it.",
  },
};

/** What a person may decide about one message. The decision is a record: what comes of it shows in the timeline. */
export function MessageActions({ message, onChange }: { message: WholeMessage; onChange: () => void }) {
  const [asking, setAsking] = useState<Decision | null>(null);
  if (!may("messages:write")) return null;
  const path = `/v1/messages/${encodeURIComponent(message.id)}`;
  const waits = message.status === "accepted" || message.status === "queued";
  const doubtful = message.status === "in_doubt" || message.status === "unconfirmed";
  return (
    <>
      {waits && <Button onPress={() => setAsking("cancel")}>Cancel message</Button>}
      {doubtful && (
        <>
          <Button onPress={() => setAsking("resend")}>Send again</Button>
          {message.status === "in_doubt" && (
            <Button onPress={() => setAsking("accept_unknown")}>Leave unknown</Button>
          )}
        </>
      )}
      {asking !== null && (
        <FormDialog
          title={words[asking].title}
          submit={words[asking].submit}
          danger={asking !== "accept_unknown"}
          onClose={() => setAsking(null)}
          onSubmit={() =>
            asking === "cancel" ? call("DELETE", path) : post(`${path}/resolution`, { decision: asking })
          }
          onDone={() => {
            setAsking(null);
            say("Decided: the timeline shows what comes of it.");
            onChange();
          }}
        >
          {() => <p>{words[asking].text}</p>}
        </FormDialog>
      )}
    </>
  );
}
