import { useState } from "preact/hooks";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere, go, place, setQuery } from "../../routing/router.ts";
import type { Template } from "../../shapes/session.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { Choice } from "../../ui/field.tsx";
import { List } from "../../ui/list.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { qualityWords, templateWords } from "../../words/states.ts";
import { spelled } from "../../words/tone.ts";
import { NewTemplate } from "./new-template.tsx";

export function TemplatesPage() {
  const state = place.value.query.get("state") ?? "";
  const [making, setMaking] = useState(false);
  return (
    <PageShell
      title="Templates"
      sub="What may be sent to people who have not written lately. The provider reviews each."
      actions={
        may("templates:write") && (
          <Button kind="primary" onPress={() => setMaking(true)}>
            New template
          </Button>
        )
      }
    >
      <div class="filters">
        <Choice
          label="State"
          value={state}
          onValue={(value) => setQuery({ state: value || null })}
          options={[
            ["", "All"],
            ...Object.entries(templateWords).map(([value, { label }]) => [value, label] as const),
          ]}
        />
      </div>
      <List<Template>
        label="Templates"
        path="/v1/templates"
        query={{ state }}
        freshness={{ everyMs: 15_000 }}
        keyOf={({ id }) => id}
        empty={
          <Empty title={state === "" ? "No template yet" : "None in this state"}>
            <p>
              Those of your Cloud API accounts appear here by themselves; new ones are made here and sent to
              the review.
            </p>
          </Empty>
        }
        columns={[
          {
            head: "Template",
            lead: true,
            cell: (row) => (
              <span>
                <Link to={addressHere(["templates", row.id])}>{row.name}</Link>
                <span class="under">{row.language}</span>
              </span>
            ),
          },
          { head: "State", cell: (row) => <Chip of={templateWords} state={row.state} /> },
          { head: "Category", cell: (row) => spelled(row.category) },
          {
            head: "Quality",
            cell: (row) => (row.quality === null ? null : <Chip of={qualityWords} state={row.quality} />),
          },
          {
            head: "Why",
            cell: (row) => (
              <span class="clip" title={row.reason}>
                {row.reason || row.waiting_for}
              </span>
            ),
          },
          { head: "Changed", align: "end", cell: (row) => <Time at={row.changed_at} /> },
        ]}
      />
      {making && (
        <NewTemplate
          onClose={() => setMaking(false)}
          onMade={({ id }) => go(addressHere(["templates", id]))}
        />
      )}
    </PageShell>
  );
}
