import type { SessionEvent } from "../../shapes/session.ts";
import { Chip } from "../../ui/chip.tsx";
import { List } from "../../ui/list.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { explain } from "../../words/reason.ts";
import { sessionWords } from "../../words/states.ts";
import { spelled } from "../../words/tone.ts";
import { evidenceWords } from "./evidence.ts";

/** What was observed of it, each with how that is known. */
export function SessionEvents({ id }: { id: string }) {
  return (
    <List<SessionEvent>
      label="What was observed"
      path={`/v1/status/sessions/${encodeURIComponent(id)}/events`}
      freshness={{ everyMs: 10_000, live: (event) => event.kind === "session" && event.id === id }}
      keyOf={(event) => event.id}
      empty={<Empty title="Nothing was observed yet" />}
      columns={[
        {
          head: "Observed",
          lead: true,
          cell: (event) => (
            <span>
              {event.kind === "status" && event.status !== null ? (
                <Chip of={sessionWords} state={event.status} />
              ) : (
                <strong>{summaryOf(event)}</strong>
              )}
              {event.detail !== "" && <span class="under">{event.detail}</span>}
              {event.reason !== null && <span class="under">{explain(event.reason.code).meaning}</span>}
            </span>
          ),
        },
        { head: "Known by", cell: (event) => evidenceWords[event.evidence] ?? event.evidence },
        { head: "When", align: "end", cell: (event) => <Time at={event.occurred_at} /> },
      ]}
    />
  );
}

function summaryOf({ kind, value, template }: SessionEvent): string {
  if (template !== null) return `Template ${template.name}: ${template.status ?? template.event}`;
  return value === null ? spelled(kind) : `${spelled(kind)}: ${value}`;
}
