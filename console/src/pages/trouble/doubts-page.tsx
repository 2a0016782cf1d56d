import { useState } from "preact/hooks";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { Doubt } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { List } from "../../ui/list.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { plural } from "../../words/figure.ts";
import { laneWords, messageWords } from "../../words/states.ts";
import { type Decision, ResolveDialog } from "./resolve-dialog.tsx";
import { TroubleTabs } from "./trouble-tabs.tsx";

/** Messages of which nobody knows whether they left; a person may decide, one by one or many at once. */
export function DoubtsPage() {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [rows, setRows] = useState<readonly Doubt[]>([]);
  const [asking, setAsking] = useState<Decision | null>(null);
  const [version, setVersion] = useState(0);
  // One that was settled meanwhile is no longer there to be decided.
  const ids = rows.map(({ message_id }) => message_id).filter((id) => chosen.has(id));
  const decide = may("messages:write");
  const choose = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <PageShell
      title="Dead letters & doubts"
      actions={
        decide && (
          <>
            <Button disabled={ids.length === 0} onPress={() => setAsking("resend")}>
              Send again …
            </Button>
            <Button disabled={ids.length === 0} onPress={() => setAsking("accept_unknown")}>
              Leave unknown …
            </Button>
          </>
        )
      }
    >
      <TroubleTabs />
      <div class="row">
        {decide && rows.length > 0 && (
          <Button
            size="small"
            onPress={() =>
              setChosen(
                ids.length === rows.length ? new Set() : new Set(rows.map(({ message_id }) => message_id)),
              )
            }
          >
            {ids.length === rows.length ? "Choose none" : "Choose all shown"}
          </Button>
        )}
        <span class="muted" aria-live="polite">
          {ids.length === 0
            ? "A receipt of the provider settles most doubts by itself."
            : `${plural(ids.length, "message")} chosen`}
        </span>
      </div>
      <List<Doubt>
        label="Doubts"
        path="/v1/status/doubts"
        version={version}
        freshness={{ everyMs: 5_000, live: ({ kind }) => kind === "message" }}
        keyOf={({ message_id }) => message_id}
        onRows={setRows}
        empty={
          <Empty title="Nothing is in doubt">
            <p>
              When a provider does not say whether it took a message, it stands here with all that is known,
              and nothing is sent twice by itself.
            </p>
          </Empty>
        }
        columns={[
          ...(decide
            ? [
                {
                  head: "Choose",
                  cell: (row: Doubt) => (
                    <input
                      type="checkbox"
                      aria-label={`Choose ${row.message_id}`}
                      checked={chosen.has(row.message_id)}
                      onChange={(event) => choose(row.message_id, event.currentTarget.checked)}
                    />
                  ),
                },
              ]
            : []),
          {
            head: "Message",
            lead: true,
            cell: (row) => (
              <span>
                <Link to={addressHere(["messages", row.message_id])} title={row.message_id}>
                  {row.message_id.slice(0, 13)}…
                </Link>
                <span class="under">
                  {laneWords[row.lane ?? ""] ?? row.lane}
                  {row.campaign !== null && ` · campaign ${row.campaign}`}
                </span>
              </span>
            ),
          },
          { head: "State", cell: (row) => <Chip of={messageWords} state={row.status} /> },
          {
            head: "What is known",
            cell: (row) =>
              row.evidence.length === 0 ? (
                <span class="muted">nothing</span>
              ) : (
                <ul>
                  {row.evidence.slice(-3).map((item) => (
                    <li key={`${item.at} ${item.kind}`}>{item.text}</li>
                  ))}
                </ul>
              ),
          },
          { head: "Attempt", align: "end", cell: (row) => row.claim },
          { head: "Since", align: "end", cell: (row) => <Time at={row.since} /> },
        ]}
      />
      {asking !== null && (
        <ResolveDialog
          decision={asking}
          ids={ids}
          onClose={() => setAsking(null)}
          onDone={() => {
            setAsking(null);
            setChosen(new Set());
            setVersion((n) => n + 1);
          }}
        />
      )}
    </PageShell>
  );
}
