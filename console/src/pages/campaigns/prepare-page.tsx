import { useEffect, useState } from "preact/hooks";
import { type Answer, post } from "../../api/call.ts";
import type { Problem } from "../../api/problem.ts";
import { useGet } from "../../api/query.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere, go } from "../../routing/router.ts";
import type { Audience, AudienceError, Campaign, Preflight } from "../../shapes/campaign.ts";
import type { Page } from "../../shapes/status.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { Card, Figures, PageShell } from "../../ui/page.tsx";
import { Notice, ProblemNotice, Skeleton } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { Time } from "../../ui/time.tsx";
import { count, duration, perSecond, plural } from "../../words/figure.ts";
import { explain } from "../../words/reason.ts";
import { sessionWords } from "../../words/states.ts";
import { spelled } from "../../words/tone.ts";

/** Before the start: who gets it, who does not and why, and how long it will take. Asking changes nothing. */
export function PreparePage({ id }: { id: string }) {
  const path = `/v1/campaigns/${encodeURIComponent(id)}`;
  const campaign = useGet<Campaign>(path);
  const [preflight, setPreflight] = useState<Answer<Preflight> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const check = async () => setPreflight(await post<Preflight>(`${path}/preflight`));
  // Once for each campaign.
  useEffect(() => void check(), [path]);

  const found = preflight?.ok ? preflight.body : null;
  const ready = found !== null && found.problems.length === 0 && found.will_send > 0;
  return (
    <PageShell
      title={campaign.data?.name ?? "Campaign"}
      crumb={{ to: addressHere(["campaigns", id]), text: "Campaign" }}
      sub="Before the start: asking changes nothing."
      actions={
        <>
          <Button onPress={check}>Check again</Button>
          <Button
            kind="primary"
            disabled={!ready}
            onPress={async () => {
              const started = await post<Campaign>(`${path}/start`);
              setProblem(started.ok ? null : started.problem);
              if (started.ok) go(addressHere(["campaigns", id]));
            }}
          >
            {campaign.data?.send_at
              ? "Schedule it"
              : `Start${found === null ? "" : `: ${plural(found.will_send, "message")}`}`}
          </Button>
        </>
      }
    >
      <ProblemNotice problem={problem} />
      <ProblemNotice problem={campaign.problem} retry={campaign.refresh} />
      {campaign.data?.send_at && (
        <Notice title="It starts by itself">
          <p>
            <Time at={campaign.data.send_at} /> once you schedule it.
          </p>
        </Notice>
      )}
      {preflight === null && <Skeleton />}
      {preflight?.ok === false && <ProblemNotice problem={preflight.problem} retry={check} />}
      {found !== null && <Findings found={found} />}
      {campaign.data !== null && <Mistakes audience={campaign.data.audience_id} />}
    </PageShell>
  );
}

function Findings({ found }: { found: Preflight }) {
  const skipped = found.skipped.reduce((sum, one) => sum + one.count, 0);
  return (
    <>
      {found.problems.length > 0 && (
        <Notice tone="bad" title="It can't start like this">
          <ul>
            {found.problems.map(({ code, problem }) => (
              <li key={`${code} ${problem}`}>{problem}</li>
            ))}
          </ul>
        </Notice>
      )}
      <Figures
        items={[
          { name: "People on the list", value: count(found.recipients) },
          {
            name: "Will get it",
            value: count(found.will_send),
            note: found.exact ? undefined : "about: judged by a sample",
          },
          { name: "Left out", value: count(skipped) },
          { name: "Done after", value: duration(found.eta_s), note: "at the sessions' pace" },
          ...found.limits.map(({ kind, of, left }) => ({
            name: `Limit: ${spelled(kind).toLowerCase()}`,
            value: count(left),
            note: `left of ${count(of)}`,
          })),
        ]}
      />
      <div class="halves">
        <Card title="Who is left out, and why" flush>
          {skipped === 0 ? (
            <p class="card-body muted">Nobody.</p>
          ) : (
            <Table
              label="Left out"
              rows={found.skipped.filter((one) => one.count > 0)}
              keyOf={({ reason }) => reason}
              columns={[
                {
                  head: "Reason",
                  lead: true,
                  cell: ({ reason }) => {
                    const { title, meaning } = explain(reason);
                    return (
                      <span>
                        {title}
                        <span class="under">{meaning}</span>
                      </span>
                    );
                  },
                },
                { head: "People", align: "end", cell: (row) => count(row.count) },
              ]}
            />
          )}
        </Card>
        <Card title="What each session carries" flush>
          <Table
            label="Load by session"
            rows={found.sessions}
            keyOf={({ session_id }) => session_id}
            columns={[
              {
                head: "Session",
                lead: true,
                cell: (row) => <Link to={addressHere(["sessions", row.session_id])}>{row.name}</Link>,
              },
              { head: "State", cell: (row) => <Chip of={sessionWords} state={row.status} /> },
              { head: "Messages", align: "end", cell: (row) => count(row.messages) },
              { head: "Pace", align: "end", cell: (row) => perSecond(row.rate_per_s) },
              { head: "Takes", align: "end", cell: (row) => duration(row.seconds) },
            ]}
          />
        </Card>
      </div>
      {found.lines.length > 0 && (
        <Card title="The first of those left out" flush>
          <Table
            label="Left out by line"
            rows={found.lines.slice(0, 20)}
            keyOf={(row) => `${row.line} ${row.reason}`}
            columns={[
              { head: "Line", cell: (row) => count(row.line) },
              { head: "Why", lead: true, cell: (row) => row.problem },
            ]}
          />
        </Card>
      )}
    </>
  );
}

/** Lines of the file that nobody could read; the others are not touched by them. */
function Mistakes({ audience }: { audience: string }) {
  const path = `/v1/audiences/${encodeURIComponent(audience)}`;
  const whole = useGet<Audience>(path);
  const errors = useGet<Page<AudienceError>>(`${path}/errors`, { limit: 50 });
  const list = whole.data;
  if (list === null || (list.invalid === 0 && list.duplicates === 0)) return null;
  return (
    <Card
      title={`The list: ${plural(list.invalid, "line")} with mistakes, ${plural(list.duplicates, "duplicate")}`}
      flush
    >
      <Table
        label="Mistakes by line"
        rows={errors.data?.items ?? []}
        keyOf={(row) => `${row.line} ${row.code}`}
        columns={[
          { head: "Line", cell: (row) => count(row.line) },
          { head: "Column", cell: (row) => <code>{row.column ?? "–"}</code> },
          { head: "Mistake", lead: true, cell: (row) => row.problem },
        ]}
      />
    </Card>
  );
}
