import { useState } from "preact/hooks";
import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere, place, setQuery } from "../../routing/router.ts";
import type { DeadLetter, DeadReason, Page } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { List } from "../../ui/list.tsx";
import { Card, PageShell } from "../../ui/page.tsx";
import { Empty, Show } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { count } from "../../words/figure.ts";
import { explain } from "../../words/reason.ts";
import { RedriveDialog } from "./redrive-dialog.tsx";
import { Redrives } from "./redrives.tsx";
import { TroubleTabs } from "./trouble-tabs.tsx";

/** What was given up: by reason first, since one cause has many letters. */
export function DeadLettersPage() {
  const { query } = place.value;
  const reason = query.get("reason") ?? "";
  // What nobody sent, or what names no tenant: the operator's to look after, and never sent again.
  const unplaced = query.get("unplaced") === "true";
  const whose = { unplaced: unplaced || null };
  const reasons = useGet<Page<DeadReason>>("/v1/status/dead-letters/reasons", whose, { everyMs: 15_000 });
  const [redriving, setRedriving] = useState<string | null>(null);
  const [version, setVersion] = useState(0);
  return (
    <PageShell title="Dead letters & doubts">
      <TroubleTabs />
      <Card title="By reason" flush>
        <Show from={reasons} rows={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No dead letters">
                <p>
                  {unplaced &&
                    "Records that name no known tenant stand here: a stranger's callback, a foreign producer. "}
                  What is given up is kept here with its bytes for 30 days, and can be driven again once its
                  cause is mended.
                </p>
              </Empty>
            ) : (
              <Table
                label="Dead letters by reason"
                rows={[...items].sort((a, b) => b.count - a.count)}
                keyOf={(row) => row.reason}
                columns={[
                  {
                    head: "Reason",
                    lead: true,
                    cell: (row) => {
                      const { title, meaning, remedy } = explain(row.reason, row.fault_class);
                      return (
                        <span>
                          <Link
                            to={addressHere(["trouble"], {
                              reason: row.reason,
                              unplaced: unplaced ? "true" : null,
                            })}
                          >
                            {title}
                          </Link>
                          <span class="under">
                            {meaning} {remedy}
                          </span>
                        </span>
                      );
                    },
                  },
                  { head: "Down to", cell: (row) => explain(row.reason, row.fault_class).fault ?? "–" },
                  { head: "Letters", align: "end", cell: (row) => count(row.count) },
                  { head: "Last", align: "end", cell: (row) => <Time at={row.last_at} /> },
                  {
                    head: "",
                    align: "end",
                    cell: (row) =>
                      may("messages:write") &&
                      !unplaced && (
                        <Button size="small" onPress={() => setRedriving(row.reason)}>
                          Send again …
                        </Button>
                      ),
                  },
                ]}
              />
            )
          }
        </Show>
      </Card>
      {!unplaced && <Redrives version={version} />}
      <div class="stack">
        <div class="row-apart">
          <h2>{reason === "" ? "All letters" : `Letters: ${explain(reason).title}`}</h2>
          {reason !== "" && (
            <Button size="small" icon="close" onPress={() => setQuery({ reason: null })}>
              All reasons
            </Button>
          )}
        </div>
        <List<DeadLetter>
          label="Dead letters"
          path="/v1/status/dead-letters"
          query={{ reason, ...whose }}
          freshness={{ everyMs: 15_000 }}
          keyOf={({ id }) => id}
          empty={<Empty title="None" />}
          columns={[
            {
              head: "Letter",
              lead: true,
              cell: (row) =>
                row.message_id === null ? (
                  <span>{row.origin.topic}</span>
                ) : (
                  <Link to={addressHere(["messages", row.message_id])} title={row.message_id}>
                    {row.message_id.slice(0, 13)}…
                  </Link>
                ),
            },
            { head: "Reason", cell: ({ reason: why }) => why && explain(why.code, why.fault_class).title },
            {
              head: "Detail",
              cell: ({ reason: why }) => (
                <span class="clip" title={why?.detail}>
                  {why?.detail}
                </span>
              ),
            },
            { head: "Given up by", cell: (row) => row.service },
            { head: "When", align: "end", cell: (row) => <Time at={row.occurred_at} /> },
          ]}
        />
      </div>
      {redriving !== null && (
        <RedriveDialog
          reason={redriving}
          onClose={() => setRedriving(null)}
          onDone={() => {
            setRedriving(null);
            setVersion((n) => n + 1);
          }}
        />
      )}
    </PageShell>
  );
}
