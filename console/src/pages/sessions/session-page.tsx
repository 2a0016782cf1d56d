import { useState } from "preact/hooks";
import { call } from "../../api/call.ts";
import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere, go } from "../../routing/router.ts";
import type { SessionLoad, Share, WholeSession } from "../../shapes/session.ts";
import type { Page } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { Card, Facts, Figures, PageShell } from "../../ui/page.tsx";
import { Notice, ProblemNotice, Skeleton } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { report } from "../../ui/toast.tsx";
import { count, duration, percent, perSecond } from "../../words/figure.ts";
import { explain } from "../../words/reason.ts";
import { providerWords, qualityWords, sessionWords } from "../../words/states.ts";
import { spelled } from "../../words/tone.ts";
import { evidenceWords } from "./evidence.ts";
import { Pairing } from "./pairing.tsx";
import { SessionEvents } from "./session-events.tsx";

export function SessionPage({ id }: { id: string }) {
  const path = `/v1/sessions/${encodeURIComponent(id)}`;
  const from = useGet<WholeSession>(
    path,
    {},
    { everyMs: 3_000, live: (event) => event.kind === "session" && event.id === id },
  );
  const loads = useGet<Page<SessionLoad>>("/v1/status/sessions", { limit: 200 }, { everyMs: 5_000 });
  const [removing, setRemoving] = useState(false);
  const session = from.data;
  const crumb = { to: addressHere(["sessions"]), text: "Sessions" };
  if (session === null)
    return (
      <PageShell title="Session" crumb={crumb}>
        {from.problem === null ? <Skeleton /> : <ProblemNotice problem={from.problem} retry={from.refresh} />}
      </PageShell>
    );
  const load = loads.data?.items.find((one) => one.session_id === id);
  const suspended = session.status === "suspended";
  const change = async (status: "suspended" | "connecting", done: string) => {
    if (report(await call("PATCH", path, { json: { status } }), done)) from.refresh();
  };
  return (
    <PageShell
      title={session.name}
      crumb={crumb}
      beside={<Chip of={sessionWords} state={session.status} />}
      sub={`${session.phone ?? session.provider_ref} · ${providerWords[session.provider]}`}
      actions={
        may("sessions:write") && (
          <>
            {suspended ||
            ["disconnected", "logged_out", "expired", "auth_failed"].includes(session.status) ? (
              <Button onPress={() => change("connecting", "It connects again.")}>Connect again</Button>
            ) : (
              <Button onPress={() => change("suspended", "Suspended: its messages wait.")}>Suspend</Button>
            )}
            <Button kind="danger" onPress={() => setRemoving(true)}>
              Delete
            </Button>
          </>
        )
      }
    >
      <ProblemNotice problem={from.problem} />
      {session.errand !== null && (
        <Notice
          tone={session.errand.next_at === null ? "warn" : "info"}
          title={`Under way at the provider: ${spelled(session.errand.step).toLowerCase()}`}
        >
          <p>
            {session.errand.detail !== "" && `${session.errand.detail} `}
            {session.errand.next_at === null ? (
              "It waits until somebody changes something."
            ) : (
              <>
                Next try <Time at={session.errand.next_at} />.
              </>
            )}
          </p>
        </Notice>
      )}
      <Figures
        items={[
          { name: "Available, 24 h", ...shareFigure(session.availability["24h"]) },
          { name: "7 days", ...shareFigure(session.availability["7d"]) },
          { name: "30 days", ...shareFigure(session.availability["30d"]) },
          {
            name: "Waiting",
            value: (
              <Link to={addressHere(["messages"], { session: id, status: "queued" })}>
                {count(load?.queued)}
              </Link>
            ),
            note: load?.oldest_wait_s == null ? "nothing waits" : `longest ${duration(load.oldest_wait_s)}`,
          },
          {
            name: "Pace",
            value: perSecond(load?.effective_rate_per_s ?? session.rate_per_s),
            note: `set to ${perSecond(session.rate_per_s)}`,
          },
        ]}
      />
      <div class="columns">
        <div class="stack">
          {session.provider === "wasender" && session.status !== "connected" && may("sessions:write") && (
            <Pairing session={session} />
          )}
          <SessionEvents id={id} />
        </div>
        <div class="stack">
          <Card title="What is known">
            <Facts
              rows={[
                ["State", <Chip key="s" of={sessionWords} state={session.status} />],
                ["Since", <Time key="t" at={session.status_since} />],
                ["Known by", evidenceWords[session.status_evidence] ?? session.status_evidence],
                ["In its words", session.status_detail],
                ["Quality", load?.quality ? <Chip key="q" of={qualityWords} state={load.quality} /> : null],
                ["Limit", load?.limit],
                ["Pools", session.pools.join(", ")],
                ["Reserved", session.otp_only ? "for one-time codes" : null],
                [
                  "Account",
                  <span key="a" class="id">
                    {session.account}
                  </span>,
                ],
                [
                  "At the provider",
                  <span key="p" class="id">
                    {session.provider_ref}
                  </span>,
                ],
                ["Made", <Time key="m" at={session.created_at} />],
                [
                  "Id",
                  <span key="i" class="id">
                    {session.id}
                  </span>,
                ],
              ]}
            />
          </Card>
          {(load?.held.length ?? 0) > 0 && (
            <Card title="What holds its messages">
              <ul class="stack-tight">
                {load?.held.map(({ reason, count: n }) => (
                  <li key={reason}>
                    <strong>{count(n)}</strong> {explain(reason).meaning}
                  </li>
                ))}
              </ul>
            </Card>
          )}
        </div>
      </div>
      {removing && (
        <FormDialog
          title={`Delete ${session.name}?`}
          submit="Delete the session"
          danger
          onClose={() => setRemoving(false)}
          onSubmit={() => call("DELETE", path)}
          onDone={() => go(addressHere(["sessions"]))}
        >
          {() => (
            <p>Its credentials are destroyed, and messages that wait for it fail. This can't be undone.</p>
          )}
        </FormDialog>
      )}
    </PageShell>
  );
}

function shareFigure({ share, connected_s, wanted_s }: Share): { value: string; note: string } {
  return {
    value: percent(share),
    note: wanted_s === 0 ? "not wanted in that time" : `${duration(wanted_s - connected_s)} without`,
  };
}
