import { useState } from "preact/hooks";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere, go } from "../../routing/router.ts";
import type { Rule } from "../../shapes/rule.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { List } from "../../ui/list.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { plural } from "../../words/figure.ts";
import { ruleWords } from "../../words/states.ts";
import { EditRule } from "./edit-rule.tsx";

export function RulesPage() {
  const [making, setMaking] = useState(false);
  return (
    <PageShell
      title="Rules"
      sub="What events of your applications make."
      actions={
        may("rules:write") && (
          <Button kind="primary" onPress={() => setMaking(true)}>
            New rule
          </Button>
        )
      }
    >
      <List<Rule>
        label="Rules"
        path="/v1/rules"
        freshness={{ everyMs: 15_000 }}
        keyOf={({ id }) => id}
        empty={
          <Empty title="No rule yet">
            <p>
              A rule turns an event into messages, at once or later. Make the first here, or with{" "}
              <code>POST /v1/rules</code>.
            </p>
          </Empty>
        }
        columns={[
          {
            head: "Rule",
            lead: true,
            cell: (row) => (
              <span>
                <Link to={addressHere(["rules", row.id])}>{row.name}</Link>
                <span class="under">
                  on <code>{row.event_type}</code>
                </span>
              </span>
            ),
          },
          { head: "State", cell: (row) => <Chip of={ruleWords} state={row.state} /> },
          { head: "Makes", cell: (row) => plural(row.steps?.length ?? 1, "message") },
          {
            head: "If",
            cell: (row) =>
              row.condition === undefined ? (
                <span class="muted">always</span>
              ) : (
                <code class="clip" title={row.condition}>
                  {row.condition}
                </code>
              ),
          },
          { head: "Version", align: "end", cell: (row) => row.version },
          { head: "Changed", align: "end", cell: (row) => <Time at={row.changed_at} /> },
        ]}
      />
      {making && (
        <EditRule
          rule={null}
          onClose={() => setMaking(false)}
          onDone={(rule) => go(addressHere(["rules", rule.id]))}
        />
      )}
    </PageShell>
  );
}
