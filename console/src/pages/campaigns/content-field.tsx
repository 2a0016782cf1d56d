import type { Problem } from "../../api/problem.ts";
import { fieldProblem } from "../../api/problem.ts";
import { useGet } from "../../api/query.ts";
import type { Template } from "../../shapes/session.ts";
import type { Page } from "../../shapes/status.ts";
import { Choice, TextArea, TextField } from "../../ui/field.tsx";
import { Card } from "../../ui/page.tsx";
import { placeholdersOf } from "../templates/placeholders.ts";
import { Preview } from "../templates/preview.tsx";
import type { Draft, Filling } from "./draft.ts";

/** What they get: an approved template with its variables filled, or a free text for people who wrote lately. */
export function ContentField({
  draft,
  onDraft,
  columns,
  problem,
}: {
  draft: Draft;
  onDraft: (change: Partial<Draft>) => void;
  columns: readonly string[];
  problem: Problem | null;
}) {
  const templates = useTemplates();
  const chosen = chosenTemplate(templates, draft.template);
  return (
    <Card title="2. What they get">
      <div class="form">
        <Choice
          label="Kind"
          value={draft.content}
          onValue={(content) => onDraft({ content: content as Draft["content"] })}
          options={[
            ["template", "A template"],
            ["text", "A text, for people who wrote within 24 hours and for WasenderApi"],
          ]}
        />
        {draft.content === "text" && (
          <>
            <TextArea
              label="Text"
              value={draft.text}
              onValue={(text) => onDraft({ text })}
              required
              rows={5}
              mistake={fieldProblem(problem, "text")}
            />
            <Choice
              label="Category"
              value={draft.category}
              onValue={(category) => onDraft({ category })}
              options={[
                ["", "Not said"],
                ["marketing", "Marketing"],
                ["utility", "Utility"],
              ]}
              hint="Marketing heeds opt-outs and quiet hours."
            />
          </>
        )}
        {draft.content === "template" && (
          <div class="halves">
            <div class="form">
              <Choice
                label="Template"
                value={draft.template}
                onValue={(template) => onDraft({ template, fillings: {} })}
                options={[
                  ["", templates.length === 0 ? "No approved template yet" : "Choose a template"],
                  ...templates.map(
                    (one) => [`${one.name} ${one.language}`, `${one.name} (${one.language})`] as const,
                  ),
                ]}
                mistake={fieldProblem(problem, "template")}
              />
              {chosen !== null &&
                placeholdersOf(chosen).map((name) => (
                  <Fill
                    key={name}
                    name={name}
                    columns={columns}
                    filling={draft.fillings[name] ?? { from: "value", text: "" }}
                    onFilling={(filling) => onDraft({ fillings: { ...draft.fillings, [name]: filling } })}
                  />
                ))}
            </div>
            {chosen !== null && <Preview template={chosen} />}
          </div>
        )}
      </div>
    </Card>
  );
}

export function useTemplates(): readonly Template[] {
  return useGet<Page<Template>>("/v1/templates", { state: "approved", limit: 200 }).data?.items ?? [];
}

export function chosenTemplate(templates: readonly Template[], chosen: string): Template | null {
  return templates.find((one) => `${one.name} ${one.language}` === chosen) ?? null;
}

function Fill({
  name,
  columns,
  filling,
  onFilling,
}: {
  name: string;
  columns: readonly string[];
  filling: Filling;
  onFilling: (filling: Filling) => void;
}) {
  return (
    <div class="form-row">
      <Choice
        label={`Variable {{${name}}}`}
        value={filling.from === "column" ? `column ${filling.text}` : "value"}
        onValue={(value) =>
          onFilling(
            value === "value"
              ? { from: "value", text: "" }
              : { from: "column", text: value.slice("column ".length) },
          )
        }
        options={[
          ["value", "The same for all"],
          ...columns.map((column) => [`column ${column}`, `Column ${column}`] as const),
        ]}
      />
      {filling.from === "value" && (
        <TextField
          label="Value"
          value={filling.text}
          onValue={(text) => onFilling({ from: "value", text })}
          required
        />
      )}
    </div>
  );
}
