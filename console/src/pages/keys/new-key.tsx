import { useState } from "preact/hooks";
import { post } from "../../api/call.ts";
import { fieldProblem } from "../../api/problem.ts";
import { me } from "../../api/session.ts";
import type { Key } from "../../shapes/webhook.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog, FormDialog } from "../../ui/dialog.tsx";
import { Check, Choice, TextField } from "../../ui/field.tsx";
import { Secret } from "../../ui/secret.tsx";
import { type AreaRight, areasOfKeys, scopesOf } from "./scopes.ts";

export function NewKey({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const [label, setLabel] = useState("");
  const [all, setAll] = useState(false);
  const [rights, setRights] = useState<Readonly<Record<string, AreaRight>>>({});
  const [days, setDays] = useState("");
  const [made, setMade] = useState<(Key & { key: string }) | null>(null);
  if (made !== null)
    return (
      <Dialog title="Keep this key" onClose={onClose}>
        <p>It is shown this once. Whoever has it can do what it may.</p>
        <Secret value={made.key} label="key" />
        <div class="dialog-foot">
          <Button kind="primary" onPress={onClose}>
            I have kept it
          </Button>
        </div>
      </Dialog>
    );
  return (
    <FormDialog<Key & { key: string }>
      title="New key"
      submit="Create"
      onClose={onClose}
      onSubmit={() =>
        post("/v1/keys", {
          label: label.trim(),
          scopes: all ? ["*"] : scopesOf(rights),
          ...(days !== "" && { expires_at: new Date(Date.now() + Number(days) * 86_400_000).toISOString() }),
        })
      }
      onDone={(key) => {
        setMade(key);
        onMade();
      }}
    >
      {(problem) => (
        <>
          <TextField
            label="Label"
            value={label}
            onValue={setLabel}
            required
            hint="Who or what uses it."
            mistake={fieldProblem(problem, "label")}
          />
          <Choice
            label="Ends"
            value={days}
            onValue={setDays}
            options={[
              ["", "never"],
              ["1", "in a day"],
              ["30", "in 30 days"],
              ["365", "in a year"],
            ]}
          />
          <fieldset class="fieldset">
            <legend>What it may</legend>
            {me.value?.scopes.includes("*") && (
              <Check checked={all} onChecked={setAll}>
                Everything, what comes later too
              </Check>
            )}
            {!all && (
              <div class="form-row">
                {areasOfKeys.map(({ area, text, readOnly }) => (
                  <Choice
                    key={area}
                    label={text}
                    value={rights[area] ?? ""}
                    onValue={(right) => setRights({ ...rights, [area]: right as AreaRight })}
                    options={[
                      ["", "nothing"],
                      ["read", "read"],
                      ...(readOnly === true ? [] : [["write", "read and change"] as const]),
                    ]}
                  />
                ))}
              </div>
            )}
          </fieldset>
        </>
      )}
    </FormDialog>
  );
}
