import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { Rule } from "../../shapes/rule.ts";
import { Chip } from "../../ui/chip.tsx";
import { List } from "../../ui/list.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { plural } from "../../words/figure.ts";
import { ruleWords } from "../../words/states.ts";

export function RulesPage() {
  return (
    <PageShell title="Rules" sub="What events of your applications make.">
      <List<Rule>
        label="Rules"
        path="/v1/rules"
        freshness={{ everyMs: 15_000 }}
        keyOf={({ id }) => id}
        empty={
          <Empty title="No rule yet">
            <p>
              A rule turns an event into messages, at once or later. Make the first with{" "}
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
    </PageShell>
  );
}
