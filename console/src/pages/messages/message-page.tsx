import { useGet } from "../../api/query.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { WholeMessage } from "../../shapes/message.ts";
import { Chip } from "../../ui/chip.tsx";
import { Card, Facts, PageShell } from "../../ui/page.tsx";
import { Notice, ProblemNotice, Skeleton } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { explain } from "../../words/reason.ts";
import { laneWords, messageWords, providerWords } from "../../words/states.ts";
import { MessageActions } from "./message-actions.tsx";
import { MessageDeliveries } from "./message-deliveries.tsx";
import { Timeline } from "./timeline.tsx";

const ended = ["read", "played", "failed", "expired", "cancelled", "unconfirmed"];

export function MessagePage({ id }: { id: string }) {
  const from = useGet<WholeMessage>(
    `/v1/status/messages/${encodeURIComponent(id)}`,
    { wait: 5 },
    {
      everyMs: 3_000,
      live: (event) => event.kind === "message" && event.id === id,
    },
  );
  const crumb = { to: addressHere(["messages"]), text: "Messages" };
  const message = from.data;
  if (message === null)
    return (
      <PageShell title="Message" crumb={crumb}>
        {from.problem === null ? (
          <Skeleton />
        ) : from.problem.code === "not_yet_seen" || from.problem.status === 404 ? (
          <Notice tone="warn" title="Nothing is known of this message here">
            <p>
              It may belong to another tenant, be older than what is kept, or have been accepted a moment ago.
            </p>
          </Notice>
        ) : (
          <ProblemNotice problem={from.problem} retry={from.refresh} />
        )}
      </PageShell>
    );
  return (
    <PageShell
      title={message.recipient?.value ?? "Message"}
      crumb={crumb}
      beside={<Chip of={messageWords} state={message.status} />}
      sub={<span class="id">{message.id}</span>}
      actions={<MessageActions message={message} onChange={from.refresh} />}
    >
      <ProblemNotice problem={from.problem} />
      {message.waiting !== null && <Waiting waiting={message.waiting} />}
      {message.waiting === null && message.reason !== null && ended.includes(message.status) && (
        <Ending reason={message.reason} status={message.status} />
      )}
      <div class="columns">
        <Card title="What happened">
          <Timeline events={message.timeline} sendAt={message.send_at} />
        </Card>
        <div class="stack">
          <Card title="What it is">
            <Facts
              rows={[
                ["To", message.recipient?.value],
                ["Template", message.template],
                ["Category", message.category],
                ["Lane", laneWords[message.lane ?? ""] ?? message.lane],
                ["Reference", message.external_ref],
                [
                  "Session",
                  message.session_id === null ? null : (
                    <Link key="s" to={addressHere(["sessions", message.session_id])}>
                      {message.session_id}
                    </Link>
                  ),
                ],
                ["Provider", providerWords[message.provider ?? ""] ?? message.provider],
                ["Attempts", message.attempts === 0 ? null : String(message.attempts)],
                [
                  "Campaign",
                  message.campaign === null ? null : (
                    <Link key="c" to={addressHere(["campaigns", message.campaign])}>
                      {message.campaign}
                    </Link>
                  ),
                ],
                ["Rule", message.rule],
                ["Made by event", message.source_event_id],
                [
                  "Repeats",
                  message.retry_of === null ? null : (
                    <Link key="r" to={addressHere(["messages", message.retry_of])}>
                      an earlier message
                    </Link>
                  ),
                ],
                ["Send at", message.send_at === null ? null : <Time key="t" at={message.send_at} />],
                ["Not after", message.not_after === null ? null : <Time key="t" at={message.not_after} />],
                [
                  "Provider's id",
                  message.provider_id === null ? null : (
                    <span key="p" class="id">
                      {message.provider_id}
                    </span>
                  ),
                ],
              ]}
            />
          </Card>
          <MessageDeliveries attempts={message.deliveries} />
        </div>
      </div>
    </PageShell>
  );
}

function Waiting({ waiting }: { waiting: NonNullable<WholeMessage["waiting"]> }) {
  const { meaning, remedy } = explain(waiting.reason);
  return (
    <Notice tone="info" title="Why it has not left yet">
      <p>{meaning}</p>
      {remedy !== null && (
        <p>
          <span class="muted">What to do: </span>
          {remedy}
        </p>
      )}
      <p class="small muted">
        {waiting.detail !== "" && `${waiting.detail} · `}
        {waiting.until !== null && (
          <>
            about <Time at={waiting.until} /> ·{" "}
          </>
        )}
        <code>{waiting.reason}</code>
      </p>
    </Notice>
  );
}

function Ending({ reason, status }: { reason: NonNullable<WholeMessage["reason"]>; status: string }) {
  const { meaning, remedy, fault } = explain(reason.code, reason.fault_class);
  const tone = status === "unconfirmed" ? "doubt" : status === "cancelled" ? "neutral" : "bad";
  return (
    <Notice tone={tone} title={meaning}>
      {remedy !== null && (
        <p>
          <span class="muted">What to do: </span>
          {remedy}
        </p>
      )}
      <p class="small muted">
        {reason.detail !== "" && `${reason.detail} · `}
        <code>{reason.code}</code>
        {fault !== null && ` · down to ${fault}`}
        {reason.provider_code !== null && (
          <>
            {" · provider's code "}
            <code>{reason.provider_code}</code>
          </>
        )}
      </p>
    </Notice>
  );
}
