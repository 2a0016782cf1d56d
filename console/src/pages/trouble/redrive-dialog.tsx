import { useEffect, useState } from "preact/hooks";
import { type Answer, post } from "../../api/call.ts";
import { fieldProblem } from "../../api/problem.ts";
import type { Redrive } from "../../shapes/status.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice, ProblemNotice, Skeleton } from "../../ui/states.tsx";
import { say } from "../../ui/toast.tsx";
import { plural } from "../../words/figure.ts";
import { explain } from "../../words/reason.ts";

/** Counts first, without doing anything: nobody sends thousands of messages by a guess. */
export function RedriveDialog({
  reason,
  onClose,
  onDone,
}: {
  reason: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const [rate, setRate] = useState("10");
  const [counted, setCounted] = useState<Answer<Redrive> | null>(null);
  useEffect(() => {
    void post<Redrive>("/v1/redrives", { reason, dry_run: true }).then(setCounted);
  }, [reason]);
  const { title, remedy } = explain(reason);
  return (
    <FormDialog<Redrive>
      title={`Send again: ${title}`}
      submit="Send again"
      onClose={onClose}
      onSubmit={() => post("/v1/redrives", { reason, rate_per_s: Number(rate) })}
      onDone={({ found }) => {
        say(`${plural(found, "letter")} being sent again.`);
        onDone();
      }}
    >
      {(problem) => (
        <>
          {counted === null && <Skeleton rows={1} />}
          {counted?.ok === false && <ProblemNotice problem={counted.problem} />}
          {counted?.ok === true && (
            <p>
              <strong>{plural(counted.body.found, "letter")}</strong> would leave again, each as a new
              message. Consent and templates are checked once more.
            </p>
          )}
          {remedy !== null && (
            <Notice tone="warn" title="Is the cause mended?">
              <p>{remedy}</p>
            </Notice>
          )}
          <TextField
            label="Per second"
            type="number"
            inputMode="decimal"
            value={rate}
            onValue={setRate}
            required
            mistake={fieldProblem(problem, "rate_per_s")}
          />
        </>
      )}
    </FormDialog>
  );
}
