import { useState } from "preact/hooks";
import { post } from "../../api/call.ts";
import { fieldProblem } from "../../api/problem.ts";
import { useGet } from "../../api/query.ts";
import type { Session, Template } from "../../shapes/session.ts";
import type { Page } from "../../shapes/status.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { Check, Choice, TextArea, TextField } from "../../ui/field.tsx";
import { placeholdersOf } from "./placeholders.ts";

/** Body and footer; headers, buttons and carousels are made through the API. */
export function NewTemplate({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (template: Template) => void;
}) {
  const sessions = useGet<Page<Session>>("/v1/sessions", { limit: 200 });
  const accounts = [
    ...new Map(
      (sessions.data?.items ?? [])
        .filter(({ provider }) => provider === "cloud_api")
        .map((one) => [one.account, one]),
    ).values(),
  ];
  const [account, setAccount] = useState("");
  const [name, setName] = useState("");
  const [language, setLanguage] = useState("en_US");
  const [category, setCategory] = useState("utility");
  const [body, setBody] = useState("");
  const [footer, setFooter] = useState("");
  const [examples, setExamples] = useState<Record<string, string>>({});
  const [submit, setSubmit] = useState(true);
  const variables = placeholdersOf({ components: [{ type: "BODY", text: body }] });
  const named = variables.some((variable) => !/^\d+$/.test(variable));

  const request = () => ({
    account: account || accounts[0]?.account,
    name: name.trim(),
    language: language.trim(),
    category,
    parameter_format: named ? "named" : "positional",
    components: [
      {
        type: "BODY",
        text: body,
        ...(variables.length > 0 && {
          example: named
            ? {
                body_text_named_params: variables.map((one) => ({
                  param_name: one,
                  example: examples[one] ?? "",
                })),
              }
            : { body_text: [variables.map((one) => examples[one] ?? "")] },
        }),
      },
      ...(footer === "" ? [] : [{ type: "FOOTER", text: footer }]),
    ],
    submit,
  });

  return (
    <FormDialog<Template>
      title="New template"
      submit={submit ? "Send to the review" : "Keep as a draft"}
      onClose={onClose}
      onSubmit={() => post<Template>("/v1/templates", request())}
      onDone={onMade}
    >
      {(problem) => (
        <>
          <Choice
            label="Account"
            value={account}
            onValue={setAccount}
            options={
              accounts.length === 0
                ? [["", "Connect a Cloud API number first"]]
                : accounts.map((one) => [one.account, `${one.account_ref}, of ${one.name}`] as const)
            }
            mistake={fieldProblem(problem, "account")}
          />
          <div class="form-row">
            <TextField
              label="Name"
              value={name}
              onValue={setName}
              required
              placeholder="order_ready"
              hint="Lower case, digits and _."
              mistake={fieldProblem(problem, "name")}
            />
            <TextField
              label="Language"
              value={language}
              onValue={setLanguage}
              required
              mistake={fieldProblem(problem, "language")}
            />
            <Choice
              label="Category"
              value={category}
              onValue={setCategory}
              options={[
                ["utility", "Utility"],
                ["marketing", "Marketing"],
              ]}
            />
          </div>
          <TextArea
            label="Body"
            value={body}
            onValue={setBody}
            required
            placeholder="Hello {{1}}, your order {{2}} is ready."
            hint="{{1}}, {{2}} … or {{names}} are filled when it is sent."
            mistake={fieldProblem(problem, "components")}
          />
          {variables.length > 0 && (
            <div class="form-row">
              {variables.map((one) => (
                <TextField
                  key={one}
                  label={`Example for {{${one}}}`}
                  value={examples[one] ?? ""}
                  onValue={(value) => setExamples((before) => ({ ...before, [one]: value }))}
                  required
                />
              ))}
            </div>
          )}
          <TextField label="Footer" value={footer} onValue={setFooter} />
          <Check checked={submit} onChecked={setSubmit}>
            Hand it to the provider's review at once
          </Check>
        </>
      )}
    </FormDialog>
  );
}
