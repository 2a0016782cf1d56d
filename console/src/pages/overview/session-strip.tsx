import type { Loaded } from "../../api/query.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { SessionLoad } from "../../shapes/session.ts";
import type { Page } from "../../shapes/status.ts";
import { Chip } from "../../ui/chip.tsx";
import { Card } from "../../ui/page.tsx";
import { Empty, Show } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { count, duration } from "../../words/figure.ts";
import { sessionWords } from "../../words/states.ts";

/** Those in trouble first, then those with most waiting. */
export function SessionStrip({ from }: { from: Loaded<Page<SessionLoad>> }) {
  return (
    <Card title="Sessions" aside={<Link to={addressHere(["sessions"])}>All sessions</Link>} flush>
      <Show from={from} rows={3}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No session yet">
              <p>A session is a number that messages leave from. Connect the first one.</p>
              <Link class="button" to={addressHere(["sessions"])}>
                Connect a number
              </Link>
            </Empty>
          ) : (
            <Table
              label="Sessions"
              rows={[...items]
                .sort(
                  (a, b) =>
                    Number(a.status === "connected") - Number(b.status === "connected") ||
                    b.queued - a.queued,
                )
                .slice(0, 6)}
              keyOf={({ session_id }) => session_id}
              columns={[
                {
                  head: "Session",
                  lead: true,
                  cell: (one) => <Link to={addressHere(["sessions", one.session_id])}>{one.name}</Link>,
                },
                { head: "State", cell: (one) => <Chip of={sessionWords} state={one.status} /> },
                { head: "Waiting", align: "end", cell: (one) => count(one.queued) },
                { head: "Longest", align: "end", cell: (one) => duration(one.oldest_wait_s) },
              ]}
            />
          )
        }
      </Show>
    </Card>
  );
}
