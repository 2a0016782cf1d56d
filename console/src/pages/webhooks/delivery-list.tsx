import { useState } from "preact/hooks";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { Delivery } from "../../shapes/webhook.ts";
import { Chip } from "../../ui/chip.tsx";
import { Choice } from "../../ui/field.tsx";
import { List } from "../../ui/list.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { deliveryWords } from "../../words/states.ts";
import { answerInWords } from "./answer.ts";

export function DeliveryList({ endpoint, version }: { endpoint: string; version: number }) {
  const [status, setStatus] = useState("");
  return (
    <div class="stack">
      <div class="filters">
        <Choice
          label="Deliveries"
          value={status}
          onValue={setStatus}
          options={[
            ["", "All"],
            ...Object.entries(deliveryWords).map(([value, { label }]) => [value, label] as const),
          ]}
        />
      </div>
      <List<Delivery>
        label="Deliveries"
        path={`/v1/endpoints/${encodeURIComponent(endpoint)}/deliveries`}
        query={{ status }}
        version={version}
        freshness={{ everyMs: 5_000 }}
        keyOf={({ id }) => id}
        empty={
          <Empty title="Nothing was delivered here yet">
            <p>Send a test to see that the address takes it.</p>
          </Empty>
        }
        columns={[
          {
            head: "Event",
            lead: true,
            cell: (row) => (
              <span>
                <Link to={addressHere(["webhooks", endpoint, row.id])}>{row.event_type}</Link>
                {row.replayed && <span class="under">delivered again</span>}
              </span>
            ),
          },
          { head: "State", cell: (row) => <Chip of={deliveryWords} state={row.status} /> },
          {
            head: "Last answer",
            cell: (row) => (
              <span class="clip">{row.last_attempt === null ? "–" : answerInWords(row.last_attempt)}</span>
            ),
          },
          { head: "Attempts", align: "end", cell: (row) => row.attempts_made },
          { head: "Next", cell: (row) => (row.next_at === null ? "–" : <Time at={row.next_at} />) },
          { head: "Happened", align: "end", cell: (row) => <Time at={row.created_at} /> },
        ]}
      />
    </div>
  );
}
