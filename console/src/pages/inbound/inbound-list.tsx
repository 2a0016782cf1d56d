import type { Query } from "../../api/call.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { Inbound } from "../../shapes/person.ts";
import { List } from "../../ui/list.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { inboundInWords } from "./inbound-words.ts";

export function InboundList({ query, about }: { query: Query; about?: "person" }) {
  return (
    <List<Inbound>
      label="Written by people"
      path="/v1/status/inbound"
      query={query}
      freshness={{ everyMs: 5_000 }}
      keyOf={({ id }) => id}
      empty={
        <Empty title="Nobody has written">
          <p>What people write to your numbers stands here, and goes to your webhooks.</p>
        </Empty>
      }
      columns={[
        {
          head: "From",
          lead: true,
          cell: (row) => (
            <span>
              {about === "person" ? (
                <span class="lead">{row.from_name ?? row.from.value}</span>
              ) : (
                <Link to={addressHere(["contacts"], { recipient: row.from.value })}>
                  {row.from_name ?? row.from.value}
                </Link>
              )}
              <span class="under">
                {row.from_name !== null && row.from.value}
                {row.group !== null && ` in group ${row.group}`}
              </span>
            </span>
          ),
        },
        {
          head: "What",
          cell: (row) => (
            <span class="clip" title={inboundInWords(row)}>
              {inboundInWords(row)}
            </span>
          ),
        },
        {
          head: "Answers",
          cell: (row) =>
            row.answers_message_id !== null && (
              <Link to={addressHere(["messages", row.answers_message_id])}>a message</Link>
            ),
        },
        {
          head: "To",
          cell: (row) => (
            <Link to={addressHere(["sessions", row.session_id])}>{row.session_id.slice(0, 10)}…</Link>
          ),
        },
        { head: "When", align: "end", cell: (row) => <Time at={row.occurred_at} /> },
      ]}
    />
  );
}
