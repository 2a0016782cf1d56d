import { useState } from "preact/hooks";
import { looked } from "../../api/session.ts";
import { place, setQuery } from "../../routing/router.ts";
import type { AuditEntry } from "../../shapes/tenancy.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { List } from "../../ui/list.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { spelled } from "../../words/tone.ts";

const filters = ["action", "actor_key", "object_id"] as const;

export function AuditPage() {
  const { query } = place.value;
  const given = Object.fromEntries(filters.map((name) => [name, query.get(name) ?? ""])) as Record<
    (typeof filters)[number],
    string
  >;
  const [typed, setTyped] = useState(given);
  const field = (name: (typeof filters)[number]) => ({
    type: "search" as const,
    value: typed[name],
    onValue: (value: string) => {
      setTyped({ ...typed, [name]: value });
      if (value === "") setQuery({ [name]: null });
    },
  });
  return (
    <PageShell title="Audit trail" sub="Who changed what, newest first.">
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery(Object.fromEntries(filters.map((name) => [name, typed[name].trim() || null])));
        }}
      >
        <TextField label="Action" placeholder="campaign.started" {...field("action")} />
        <TextField label="Key" placeholder="Id of a key" {...field("actor_key")} />
        <TextField label="Thing" placeholder="Id of what was changed" search {...field("object_id")} />
        <Button type="submit">Search</Button>
      </form>
      <List<AuditEntry>
        label="Audit trail"
        path="/v1/status/audit"
        query={given}
        freshness={{ everyMs: 10_000 }}
        keyOf={({ id }) => id}
        empty={
          <Empty title={filters.some((name) => given[name] !== "") ? "No change fits" : "No change yet"} />
        }
        columns={[
          {
            head: "What",
            lead: true,
            cell: (row) => (
              <span>
                <span class="lead">{spelled(row.action.replaceAll(".", " "))}</span>
                <span class="under">
                  <code>{row.object.id}</code>
                </span>
              </span>
            ),
          },
          {
            head: "By key",
            cell: ({ actor }) => (
              <span>
                <code>{actor.key_id}</code>
                {actor.tenant !== looked.value?.tenant && <span class="under">of {actor.tenant}</span>}
              </span>
            ),
          },
          {
            head: "Detail",
            cell: ({ detail }) => {
              const text = detailInWords(detail);
              return text === "" ? null : (
                <span class="clip" title={text}>
                  {text}
                </span>
              );
            },
          },
          { head: "In", cell: (row) => row.service },
          { head: "When", align: "end", cell: (row) => <Time at={row.occurred_at} /> },
        ]}
      />
    </PageShell>
  );
}

/** `name: Spring, rate_per_s: 10`. */
function detailInWords(detail: unknown): string {
  if (typeof detail !== "object" || detail === null) return String(detail ?? "");
  return Object.entries(detail)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}
