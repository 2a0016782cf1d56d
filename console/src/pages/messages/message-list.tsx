import type { Query } from "../../api/call.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { Message } from "../../shapes/message.ts";
import { Chip } from "../../ui/chip.tsx";
import { List } from "../../ui/list.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { explain } from "../../words/reason.ts";
import { laneWords, messageWords } from "../../words/states.ts";

export function MessageList({ query, filtered }: { query: Query; filtered: boolean }) {
  return (
    <List<Message>
      label="Messages"
      path="/v1/status/messages"
      query={query}
      freshness={{ everyMs: 5_000, live: ({ kind }) => kind === "message" }}
      keyOf={({ id }) => id}
      empty={
        filtered ? (
          <Empty title="No message fits">
            <p>Take a filter away, or look at a longer time.</p>
          </Empty>
        ) : (
          <Empty title="No message yet">
            <p>
              Send the first one with <code>POST /v1/messages</code>, or start a campaign.
            </p>
          </Empty>
        )
      }
      columns={[
        {
          head: "Message",
          lead: true,
          cell: (row) => (
            <span>
              <Link to={addressHere(["messages", row.id])}>
                {row.recipient?.value ?? `${row.id.slice(0, 13)}…`}
              </Link>
              {row.external_ref !== null && <span class="under">{row.external_ref}</span>}
            </span>
          ),
        },
        { head: "State", cell: (row) => <Chip of={messageWords} state={row.status} /> },
        {
          head: "Why",
          cell: (row) =>
            row.reason === null ? null : (
              <span class="clip" title={explain(row.reason.code).meaning}>
                {explain(row.reason.code).title}
                {row.reason.provider_code !== null && <span class="muted"> {row.reason.provider_code}</span>}
              </span>
            ),
        },
        { head: "What", cell: (row) => <span class="clip">{row.template ?? "Text"}</span> },
        { head: "Lane", cell: (row) => laneWords[row.lane ?? ""] ?? row.lane },
        {
          head: "Session",
          cell: (row) =>
            row.session_id !== null && (
              <Link to={addressHere(["sessions", row.session_id])}>{row.session_id.slice(0, 10)}…</Link>
            ),
        },
        { head: "Accepted", cell: (row) => <Time at={row.accepted_at ?? row.queued_at} /> },
      ]}
    />
  );
}
