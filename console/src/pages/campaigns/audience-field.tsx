import { useState } from "preact/hooks";
import { useGet } from "../../api/query.ts";
import type { Audience } from "../../shapes/campaign.ts";
import type { Page } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { Choice, TextField } from "../../ui/field.tsx";
import { Card } from "../../ui/page.tsx";
import { Notice } from "../../ui/states.tsx";
import { bytes, count, plural } from "../../words/figure.ts";
import { type Columns, columnsOf } from "./csv-columns.ts";
import { mostSampleNumbers, sampleCsv } from "./sample-numbers.ts";

/** Who gets it: a file that is yet to be uploaded, or a list that is there. */
export type Chosen =
  | { kind: "file"; name: string; file: Blob; columns: Columns }
  | { kind: "saved"; id: string; columns: Columns };

/** The first line of a file ends long before. */
const headBytes = 256 * 1024;

export function AudienceField({
  chosen,
  onChosen,
}: {
  chosen: Chosen | null;
  onChosen: (chosen: Chosen | null) => void;
}) {
  const [source, setSource] = useState<"file" | "sample" | "saved">("file");
  const [wanted, setWanted] = useState("500");
  const saved = useGet<Page<Audience>>(source === "saved" ? "/v1/audiences" : null, { limit: 100 });

  async function take(name: string, file: Blob) {
    onChosen({ kind: "file", name, file, columns: columnsOf(await file.slice(0, headBytes).text()) });
  }

  return (
    <Card title="1. Who gets it">
      <div class="form">
        <fieldset class="fieldset">
          <legend class="visually-hidden">Where the list comes from</legend>
          <div class="choice">
            {(
              [
                ["file", "Upload a CSV file", "Up to 100 MB, with a header line"],
                ["saved", "A list that is there", "Uploaded before"],
                ["sample", "Numbers for a test", "Distinct, possible, and nobody's"],
              ] as const
            ).map(([value, text, note]) => (
              <label key={value}>
                <input
                  type="radio"
                  name="source"
                  value={value}
                  checked={source === value}
                  onChange={() => {
                    setSource(value);
                    onChosen(null);
                  }}
                />
                <span>
                  <strong>{text}</strong>
                  <span class="muted small"> {note}</span>
                </span>
              </label>
            ))}
          </div>
        </fieldset>
        {source === "file" && (
          <div class="field">
            <label for="csv">CSV file</label>
            <input
              id="csv"
              type="file"
              accept=".csv,.tsv,.txt,text/csv"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                if (file !== undefined) void take(file.name, file);
              }}
            />
            <span class="hint">
              One column <code>to</code> with numbers such as +15551234567; <code>external_ref</code> and{" "}
              <code>locale</code> if wanted; every other column can fill a variable.
            </span>
          </div>
        )}
        {source === "sample" && (
          <div class="form-row">
            <TextField
              label="How many"
              type="number"
              inputMode="numeric"
              value={wanted}
              onValue={setWanted}
              hint={`At most ${count(mostSampleNumbers)}. They are of lines kept for fiction in North America, so they reach nobody.`}
            />
            <div class="field">
              <span class="hint">&nbsp;</span>
              <Button
                onPress={() =>
                  take(
                    `${wanted} numbers for a test`,
                    new Blob([sampleCsv(Number(wanted))], { type: "text/csv" }),
                  )
                }
              >
                Make the list
              </Button>
            </div>
          </div>
        )}
        {source === "saved" && (
          <Choice
            label="List"
            value={chosen?.kind === "saved" ? chosen.id : ""}
            onValue={(id) => {
              const found = saved.data?.items.find((one) => one.audience_id === id);
              onChosen(
                found === undefined
                  ? null
                  : {
                      kind: "saved",
                      id,
                      columns: { recipient: "to", variables: variablesOf(found.columns) },
                    },
              );
            }}
            options={[
              ["", saved.data?.items.length === 0 ? "None yet: upload one" : "Choose a list"],
              ...(saved.data?.items ?? [])
                .filter(({ state }) => state === "ready")
                .map(
                  (one) =>
                    [
                      one.audience_id,
                      `${one.name ?? one.audience_id} · ${plural(one.recipients, "person", "people")}`,
                    ] as const,
                ),
            ]}
          />
        )}
        {chosen?.kind === "file" && <ChosenFile {...chosen} />}
      </div>
    </Card>
  );
}

function ChosenFile({ name, file, columns }: { name: string; file: Blob; columns: Columns }) {
  if (columns.recipient === null)
    return (
      <Notice tone="bad" title="The file has no column for the recipient">
        <p>
          Call one column <code>to</code>, <code>phone</code> or <code>recipient</code> in the first line.
        </p>
      </Notice>
    );
  return (
    <Notice tone="good" title={`${name} · ${bytes(file.size)}`}>
      <p>
        {columns.variables.length === 0
          ? "It has no columns to fill variables with."
          : `Can fill variables: ${columns.variables.join(", ")}.`}
      </p>
    </Notice>
  );
}

const ownColumns = ["to", "phone", "recipient", "external_ref", "locale"];

function variablesOf(columns: readonly string[]): string[] {
  return columns.filter((name) => !ownColumns.includes(name));
}
