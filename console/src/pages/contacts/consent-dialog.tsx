import { useState } from "preact/hooks";
import { call } from "../../api/call.ts";
import { fieldProblem } from "../../api/problem.ts";
import type { Consent } from "../../shapes/person.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { say } from "../../ui/toast.tsx";
import type { ConsentChoice } from "./consent-choices.ts";

export function ConsentDialog({
  recipient,
  choice,
  onClose,
  onDone,
}: {
  recipient: string;
  choice: ConsentChoice;
  onClose: () => void;
  onDone: () => void;
}) {
  const [proof, setProof] = useState("");
  const { scope, opted_out, text, done } = choice;
  return (
    <FormDialog<Consent>
      title={`${text}: ${recipient}`}
      submit={text}
      danger={opted_out && scope === "all"}
      onClose={onClose}
      onSubmit={() =>
        call("PUT", `/v1/contacts/${encodeURIComponent(recipient)}/consent`, {
          json: { scope, opted_out, ...(proof.trim() !== "" && { proof: proof.trim() }) },
        })
      }
      onDone={() => {
        say(done);
        onDone();
        onClose();
      }}
    >
      {(problem) => (
        <>
          <p>
            {opted_out
              ? scope === "all"
                ? "Nothing is sent to them any more, one-time codes included; what waits ends."
                : "Advertising is refused, and what waits of it ends. Everything else still leaves."
              : "Only do this when they have asked for it. What they write later (STOP, START) overrules it."}
          </p>
          <TextField
            label="Proof"
            value={proof}
            onValue={setProof}
            placeholder="form-4711"
            hint="Id of the form, call or record that says so. No personal data. It goes into the audit trail."
            mistake={fieldProblem(problem, "proof")}
          />
        </>
      )}
    </FormDialog>
  );
}
