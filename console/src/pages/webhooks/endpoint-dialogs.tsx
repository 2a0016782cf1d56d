import { useState } from "preact/hooks";
import { call, post } from "../../api/call.ts";
import { fieldProblem } from "../../api/problem.ts";
import type { Endpoint } from "../../shapes/webhook.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, FormDialog } from "../../ui/dialog.tsx";
import { Choice, TextField } from "../../ui/field.tsx";
import { Secret } from "../../ui/secret.tsx";
import { say } from "../../ui/toast.tsx";
import { plural } from "../../words/figure.ts";

export type EndpointAction = "replay" | "rotate" | "delete";

type Props = { endpoint: Endpoint; onClose: () => void; onDone: () => void };

export function EndpointDialogs({ action, ...props }: Props & { action: EndpointAction }) {
  if (action === "replay") return <Replay {...props} />;
  if (action === "rotate") return <Rotate {...props} />;
  return <Remove {...props} />;
}

function Replay({ endpoint, onClose, onDone }: Props) {
  const [hours, setHours] = useState("24");
  const [only, setOnly] = useState("failed");
  const [perS, setPerS] = useState("20");
  return (
    <FormDialog<{ replayed: number; more: boolean }>
      title="Deliver again"
      submit="Deliver again"
      onClose={onClose}
      onSubmit={() =>
        post(`/v1/endpoints/${encodeURIComponent(endpoint.id)}/replay`, {
          since: new Date(Date.now() - Number(hours) * 3_600_000).toISOString(),
          only,
          per_s: Number(perS),
        })
      }
      onDone={({ replayed, more }) => {
        say(`${plural(replayed, "event")} on their way${more ? "; there are more: do it again" : ""}.`);
        onDone();
        onClose();
      }}
    >
      {(problem) => (
        <>
          <p>Under their own ids, so a receiver that has seen one already can tell.</p>
          <div class="form-row">
            <Choice
              label="Of the last"
              value={hours}
              onValue={setHours}
              options={[
                ["1", "Hour"],
                ["24", "Day"],
                ["72", "3 days"],
                ["168", "Week"],
                ["335", "14 days"],
              ]}
              mistake={fieldProblem(problem, "since")}
            />
            <Choice
              label="Which"
              value={only}
              onValue={setOnly}
              options={[
                ["failed", "Only what failed"],
                ["all", "All, delivered ones too"],
              ]}
            />
            <TextField
              label="Per second"
              type="number"
              inputMode="numeric"
              value={perS}
              onValue={setPerS}
              mistake={fieldProblem(problem, "per_s")}
            />
          </div>
        </>
      )}
    </FormDialog>
  );
}

function Rotate({ endpoint, onClose, onDone }: Props) {
  const [overlap, setOverlap] = useState("24");
  const [secret, setSecret] = useState<string | null>(null);
  if (secret !== null)
    return (
      <Dialog title="Keep the new secret" onClose={onClose}>
        <p>It is shown this once.</p>
        <Secret value={secret} label="signing secret" />
        <div class="dialog-foot">
          <Button kind="primary" onPress={onClose}>
            I have kept it
          </Button>
        </div>
      </Dialog>
    );
  return (
    <FormDialog<{ secret: string }>
      title="Give it a new secret?"
      submit="Make a new secret"
      onClose={onClose}
      onSubmit={() =>
        post(`/v1/endpoints/${encodeURIComponent(endpoint.id)}/rotate-secret`, {
          overlap_hours: Number(overlap),
        })
      }
      onDone={(body) => {
        setSecret(body.secret);
        onDone();
      }}
    >
      {() => (
        <Choice
          label="The former one signs too for"
          value={overlap}
          onValue={setOverlap}
          options={[
            ["0", "no time: it has leaked"],
            ["24", "a day"],
            ["168", "a week"],
          ]}
        />
      )}
    </FormDialog>
  );
}

function Remove({ endpoint, onClose, onDone }: Props) {
  return (
    <FormDialog
      title="Delete this endpoint?"
      submit="Delete the endpoint"
      danger
      onClose={onClose}
      onSubmit={() => call("DELETE", `/v1/endpoints/${encodeURIComponent(endpoint.id)}`)}
      onDone={onDone}
    >
      {() => <p>What is still due for {endpoint.url} is dropped. This can't be undone.</p>}
    </FormDialog>
  );
}
