import { useState } from "preact/hooks";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { Endpoint } from "../../shapes/webhook.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { List } from "../../ui/list.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { plural } from "../../words/figure.ts";
import { endpointWords } from "../../words/states.ts";
import { NewEndpoint } from "./new-endpoint.tsx";

export function EndpointsPage() {
  const [making, setMaking] = useState(false);
  const [version, setVersion] = useState(0);
  return (
    <PageShell
      title="Webhooks"
      sub="Your addresses that are told what happens, signed as Standard Webhooks say."
      actions={
        may("endpoints:write") && (
          <Button kind="primary" onPress={() => setMaking(true)}>
            New endpoint
          </Button>
        )
      }
    >
      <List<Endpoint>
        label="Endpoints"
        path="/v1/endpoints"
        version={version}
        freshness={{ everyMs: 10_000 }}
        keyOf={({ id }) => id}
        empty={
          <Empty title="No endpoint yet">
            <p>
              Give an address of yours, and choose which events it gets: each is tried again until it is
              taken.
            </p>
          </Empty>
        }
        columns={[
          {
            head: "Endpoint",
            lead: true,
            cell: (row) => (
              <span>
                <Link to={addressHere(["webhooks", row.id])}>{row.url}</Link>
                {row.description !== "" && <span class="under">{row.description}</span>}
              </span>
            ),
          },
          { head: "State", cell: (row) => <Chip of={endpointWords} state={row.status} /> },
          { head: "Why", cell: (row) => <span class="clip">{row.disabled_reason}</span> },
          {
            head: "Events",
            cell: (row) => <span title={row.events.join(", ")}>{plural(row.events.length, "type")}</span>,
          },
          {
            head: "Sessions",
            cell: (row) => (row.sessions === null ? "all" : plural(row.sessions.length, "session")),
          },
          { head: "Made", align: "end", cell: (row) => <Time at={row.created_at} /> },
        ]}
      />
      {making && <NewEndpoint onClose={() => setMaking(false)} onMade={() => setVersion((n) => n + 1)} />}
    </PageShell>
  );
}
