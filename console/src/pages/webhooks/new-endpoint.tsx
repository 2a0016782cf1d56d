import { useState } from "preact/hooks";
import { post } from "../../api/call.ts";
import { fieldProblem } from "../../api/problem.ts";
import { useGet } from "../../api/query.ts";
import type { Endpoint, EventType } from "../../shapes/webhook.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, FormDialog } from "../../ui/dialog.tsx";
import { Check, TextField } from "../../ui/field.tsx";
import { Secret } from "../../ui/secret.tsx";

/** Comes on request only, so nobody subscribes to it. */
const onRequest = "endpoint.test";

export function NewEndpoint({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const types = useGet<{ items: readonly EventType[] }>("/v1/endpoints/events");
  const [url, setUrl] = useState("");
  const [description, setDescription] = useState("");
  const [events, setEvents] = useState<readonly string[]>([]);
  const [made, setMade] = useState<(Endpoint & { secret: string }) | null>(null);
  const offered = (types.data?.items ?? []).filter(({ type }) => type !== onRequest);
  if (made !== null)
    return (
      <Dialog title="Keep this secret" onClose={onClose}>
        <p>It verifies the signatures of what {made.url} gets, and is shown this once.</p>
        <Secret value={made.secret} label="signing secret" />
        <div class="dialog-foot">
          <Button kind="primary" onPress={onClose}>
            I have kept it
          </Button>
        </div>
      </Dialog>
    );
  return (
    <FormDialog<Endpoint & { secret: string }>
      title="New endpoint"
      submit="Create"
      onClose={onClose}
      onSubmit={() => post("/v1/endpoints", { url: url.trim(), events, description: description.trim() })}
      onDone={(endpoint) => {
        setMade(endpoint);
        onMade();
      }}
    >
      {(problem) => (
        <>
          <TextField
            label="Address"
            type="url"
            value={url}
            onValue={setUrl}
            required
            placeholder="https://example.com/hooks"
            mistake={fieldProblem(problem, "url")}
          />
          <TextField
            label="Description"
            value={description}
            onValue={setDescription}
            mistake={fieldProblem(problem, "description")}
          />
          <fieldset class="fieldset">
            <legend>Events it gets</legend>
            <div class="checks">
              <Check
                checked={offered.length > 0 && events.length === offered.length}
                onChecked={(all) => setEvents(all ? offered.map(({ type }) => type) : [])}
              >
                <strong>All</strong>
              </Check>
              {offered.map(({ type, description: about }) => (
                <Check
                  key={type}
                  checked={events.includes(type)}
                  onChecked={(on) => setEvents(on ? [...events, type] : events.filter((one) => one !== type))}
                >
                  <span title={about}>{type}</span>
                </Check>
              ))}
            </div>
          </fieldset>
        </>
      )}
    </FormDialog>
  );
}
