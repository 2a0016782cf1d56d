import { useState } from "preact/hooks";
import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere, go } from "../../routing/router.ts";
import type { Session, SessionLoad } from "../../shapes/session.ts";
import type { Page } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { List } from "../../ui/list.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { count, duration, percent, perSecond } from "../../words/figure.ts";
import { explain } from "../../words/reason.ts";
import { providerWords, qualityWords, sessionWords } from "../../words/states.ts";
import { NewSession } from "./new-session.tsx";

export function SessionsPage() {
  const [making, setMaking] = useState(false);
  // What waits for each is the projector's to tell; a session that is new there still shows here.
  const loads = useGet<Page<SessionLoad>>(
    "/v1/status/sessions",
    { limit: 200 },
    { everyMs: 5_000, live: ({ kind }) => kind === "session" },
  );
  const load = new Map(loads.data?.items.map((one) => [one.session_id, one]));
  return (
    <PageShell
      title="Sessions"
      sub="The numbers that messages leave from."
      actions={
        may("sessions:write") && (
          <Button kind="primary" onPress={() => setMaking(true)}>
            Connect a number
          </Button>
        )
      }
    >
      <List<Session>
        label="Sessions"
        path="/v1/sessions"
        freshness={{ everyMs: 5_000, live: ({ kind }) => kind === "session" }}
        keyOf={({ id }) => id}
        empty={
          <Empty title="No session yet">
            <p>Connect a Cloud API number with its token, or a WasenderApi number with a QR code.</p>
          </Empty>
        }
        columns={[
          {
            head: "Session",
            lead: true,
            cell: (row) => (
              <span>
                <Link to={addressHere(["sessions", row.id])}>{row.name}</Link>
                <span class="under">
                  {row.phone ?? row.provider_ref} · {providerWords[row.provider]}
                </span>
              </span>
            ),
          },
          {
            head: "State",
            cell: (row) => <Chip of={sessionWords} state={row.status} />,
          },
          { head: "Since", cell: (row) => <Time at={row.status_since} /> },
          {
            head: "Available, 24 h",
            align: "end",
            cell: (row) => percent(load.get(row.id)?.availability_24h),
          },
          {
            head: "Quality",
            cell: (row) => {
              const quality = load.get(row.id)?.quality;
              return quality ? <Chip of={qualityWords} state={quality} /> : <span class="muted">–</span>;
            },
          },
          { head: "Waiting", align: "end", cell: (row) => count(load.get(row.id)?.queued) },
          { head: "Longest", align: "end", cell: (row) => duration(load.get(row.id)?.oldest_wait_s) },
          {
            head: "Held",
            cell: (row) => {
              const [held] = [...(load.get(row.id)?.held ?? [])].sort((a, b) => b.count - a.count);
              return held === undefined ? null : (
                <span class="clip" title={explain(held.reason).meaning}>
                  {explain(held.reason).title} {count(held.count)}
                </span>
              );
            },
          },
          {
            head: "Pace",
            align: "end",
            cell: (row) => perSecond(load.get(row.id)?.effective_rate_per_s ?? row.rate_per_s),
          },
        ]}
      />
      {making && (
        <NewSession
          onClose={() => setMaking(false)}
          onMade={(session) => go(addressHere(["sessions", session.id]))}
        />
      )}
    </PageShell>
  );
}
