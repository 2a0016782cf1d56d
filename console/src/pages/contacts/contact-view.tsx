import { useState } from "preact/hooks";
import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { Contact } from "../../shapes/person.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { Card } from "../../ui/page.tsx";
import { Show } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { duration } from "../../words/figure.ts";
import { consentScopeWords, consentSourceWords, consentWords } from "../../words/states.ts";
import { InboundList } from "../inbound/inbound-list.tsx";
import { MessageList } from "../messages/message-list.tsx";
import { type ConsentChoice, choicesFor } from "./consent-choices.ts";
import { ConsentDialog } from "./consent-dialog.tsx";

/** One person: what they want, where their windows are open, and what went to and fro. */
export function ContactView({ recipient }: { recipient: string }) {
  const from = useGet<Contact>(`/v1/contacts/${encodeURIComponent(recipient)}`, {}, { everyMs: 10_000 });
  const [choice, setChoice] = useState<ConsentChoice | null>(null);
  return (
    <>
      <div class="halves">
        <Card
          title="Consent"
          flush
          aside={
            from.data !== null &&
            may("contacts:write") && (
              <div class="row">
                {choicesFor(from.data.consent).map((one) => (
                  <Button key={one.text} size="small" onPress={() => setChoice(one)}>
                    {one.text} …
                  </Button>
                ))}
              </div>
            )
          }
        >
          <Show from={from} rows={2}>
            {({ consent }) =>
              consent.length === 0 ? (
                <p class="card-body muted">Nothing was said: they may be sent to.</p>
              ) : (
                <Table
                  label="Consent"
                  rows={consent}
                  keyOf={({ scope }) => scope}
                  columns={[
                    {
                      head: "About",
                      lead: true,
                      cell: ({ scope }) => <span class="lead">{consentScopeWords[scope]}</span>,
                    },
                    {
                      head: "State",
                      cell: (row) => <Chip of={consentWords} state={row.opted_out ? "stopped" : "allowed"} />,
                    },
                    {
                      head: "Said by",
                      cell: (row) => (
                        <span>
                          {consentSourceWords[row.source] ?? row.source}
                          {row.proof !== "" && (
                            <span class="under clip" title={row.proof}>
                              {row.proof}
                            </span>
                          )}
                        </span>
                      ),
                    },
                    { head: "When", align: "end", cell: (row) => <Time at={row.occurred_at} /> },
                  ]}
                />
              )
            }
          </Show>
        </Card>
        <Card title="Wrote to" flush>
          <Show from={from} rows={2}>
            {({ sessions }) =>
              sessions.length === 0 ? (
                <p class="card-body muted">
                  To none of your numbers in the last month: only templates reach them on the Cloud API.
                </p>
              ) : (
                <Table
                  label="Wrote to"
                  rows={sessions}
                  keyOf={({ session_id }) => session_id}
                  columns={[
                    {
                      head: "Session",
                      lead: true,
                      cell: (row) => (
                        <Link to={addressHere(["sessions", row.session_id])}>{row.session_id}</Link>
                      ),
                    },
                    { head: "Last", cell: (row) => <Time at={row.last_inbound_at} /> },
                    {
                      head: "Window",
                      align: "end",
                      cell: ({ window_left_s: left }) =>
                        left === null ? "none" : left === 0 ? "closed" : `${duration(left)} left`,
                    },
                  ]}
                />
              )
            }
          </Show>
        </Card>
      </div>
      <div class="stack">
        <h2>Sent to them</h2>
        <MessageList query={{ recipient }} filtered />
      </div>
      <div class="stack">
        <h2>Written by them</h2>
        <InboundList query={{ recipient }} about="person" />
      </div>
      {choice !== null && (
        <ConsentDialog
          recipient={recipient}
          choice={choice}
          onClose={() => setChoice(null)}
          onDone={from.refresh}
        />
      )}
    </>
  );
}
