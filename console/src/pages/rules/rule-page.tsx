import { useState } from "preact/hooks";
import { call, post } from "../../api/call.ts";
import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { Rule, RuleVersion } from "../../shapes/rule.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { List } from "../../ui/list.tsx";
import { Card, PageShell } from "../../ui/page.tsx";
import { Empty, ProblemNotice, Skeleton } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { report, say } from "../../ui/toast.tsx";
import { ruleWords } from "../../words/states.ts";
import { definitionOf } from "./definition.ts";
import { EditRule } from "./edit-rule.tsx";
import { TryRule } from "./try-rule.tsx";

export function RulePage({ id }: { id: string }) {
  const path = `/v1/rules/${encodeURIComponent(id)}`;
  const from = useGet<Rule>(path, {}, { everyMs: 15_000 });
  const [editing, setEditing] = useState(false);
  const [restoring, setRestoring] = useState<RuleVersion | null>(null);
  const [version, setVersion] = useState(0);
  const rule = from.data;
  const crumb = { to: addressHere(["rules"]), text: "Rules" };
  if (rule === null)
    return (
      <PageShell title="Rule" crumb={crumb}>
        {from.problem === null ? <Skeleton /> : <ProblemNotice problem={from.problem} retry={from.refresh} />}
      </PageShell>
    );
  const changed = () => {
    setVersion((n) => n + 1);
    from.refresh();
  };
  const setState = async (state: Rule["state"], done: string) => {
    if (report(await call("PATCH", path, { json: { state } }), done)) changed();
  };
  return (
    <PageShell
      title={rule.name}
      crumb={crumb}
      beside={<Chip of={ruleWords} state={rule.state} />}
      sub={
        <>
          On <code>{rule.event_type}</code> · version {rule.version} · changed <Time at={rule.changed_at} />
        </>
      }
      actions={
        <>
          <Link class="button" to={addressHere(["messages"], { rule: id })}>
            Its messages
          </Link>
          {may("rules:write") && <Button onPress={() => setEditing(true)}>Edit …</Button>}
          {may("rules:write") &&
            (rule.state === "active" ? (
              <Button onPress={() => setState("paused", "Paused: events make nothing, what waits is held.")}>
                Pause
              </Button>
            ) : (
              <Button kind="primary" onPress={() => setState("active", "It goes on.")}>
                Resume
              </Button>
            ))}
        </>
      }
    >
      <ProblemNotice problem={from.problem} />
      <TryRule key={rule.version} rule={rule} />
      <div class="halves">
        <Card title="What it says">
          <pre class="code-block">{JSON.stringify(definitionOf(rule), null, 2)}</pre>
        </Card>
        <div class="stack">
          <h2>Versions</h2>
          <List<RuleVersion>
            label="Versions"
            path={`${path}/versions`}
            version={version}
            keyOf={(row) => String(row.version)}
            empty={<Empty title="No version" />}
            columns={[
              { head: "Version", lead: true, cell: (row) => <span class="lead">{row.version}</span> },
              {
                head: "By key",
                cell: (row) => <code>{row.changed_by}</code>,
              },
              { head: "When", cell: (row) => <Time at={row.changed_at} /> },
              {
                head: "",
                align: "end",
                cell: (row) =>
                  row.version !== rule.version &&
                  may("rules:write") && (
                    <Button size="small" onPress={() => setRestoring(row)}>
                      Look, restore …
                    </Button>
                  ),
              },
            ]}
          />
        </div>
      </div>
      {editing && (
        <EditRule
          rule={rule}
          onClose={() => setEditing(false)}
          onDone={() => {
            setEditing(false);
            changed();
          }}
        />
      )}
      {restoring !== null && (
        <FormDialog
          title={`Restore version ${restoring.version}?`}
          submit="Restore it"
          onClose={() => setRestoring(null)}
          onSubmit={() => post(`${path}/versions/${restoring.version}/restore`)}
          onDone={() => {
            say("Restored, as a new version.");
            setRestoring(null);
            changed();
          }}
        >
          {() => (
            <>
              <p>
                It holds for every event accepted from then on. Steps that wait keep the version they began
                with.
              </p>
              <pre class="code-block">{JSON.stringify(definitionOf(restoring), null, 2)}</pre>
            </>
          )}
        </FormDialog>
      )}
    </PageShell>
  );
}
