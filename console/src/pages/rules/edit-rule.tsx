import { useState } from "preact/hooks";
import { call, post } from "../../api/call.ts";
import type { Rule } from "../../shapes/rule.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextArea } from "../../ui/field.tsx";
import { say } from "../../ui/toast.tsx";
import { blankRule, definitionOf, readObject } from "./definition.ts";

/** A rule as JSON, as the API takes it: a new one, or the next version of one. What is wrong with it is named by field. */
export function EditRule({
  rule,
  onClose,
  onDone,
}: {
  /** null: a new one. */
  rule: Rule | null;
  onClose: () => void;
  onDone: (rule: Rule) => void;
}) {
  const [text, setText] = useState(() =>
    JSON.stringify(rule === null ? blankRule : definitionOf(rule), null, 2),
  );
  const read = readObject(text);
  return (
    <FormDialog<Rule>
      title={rule === null ? "New rule" : `Edit ${rule.name}`}
      submit={rule === null ? "Create" : "Save as a new version"}
      onClose={onClose}
      onSubmit={() =>
        "mistake" in read
          ? Promise.resolve({
              ok: false as const,
              problem: {
                status: 0,
                code: "no_json",
                title: "This is no JSON",
                detail: read.mistake,
                errors: [],
              },
            })
          : rule === null
            ? post<Rule>("/v1/rules", read.object)
            : call<Rule>("PUT", `/v1/rules/${encodeURIComponent(rule.id)}`, { json: read.object })
      }
      onDone={(saved) => {
        say("Saved: it holds for every event accepted from now on.");
        onDone(saved);
      }}
    >
      {(problem) => (
        <TextArea
          label="Definition"
          rows={18}
          value={text}
          onValue={setText}
          required
          mistake={"mistake" in read ? read.mistake : null}
          hint={
            problem === null
              ? "Conditions and values may be expressions; what waits keeps the version it began with."
              : "Nothing was saved."
          }
        />
      )}
    </FormDialog>
  );
}
