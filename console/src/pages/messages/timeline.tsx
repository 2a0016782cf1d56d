import type { MessageEvent } from "../../shapes/message.ts";
import { ReasonText } from "../../ui/reason.tsx";
import { Time } from "../../ui/time.tsx";
import { clock, day, exact, gap } from "../../words/moment.ts";
import { messageSteps, messageWords } from "../../words/states.ts";
import { wordOf } from "../../words/tone.ts";

/** Every hop with its time, the time since the one before, who said so, and why. */
export function Timeline({ events, sendAt }: { events: readonly MessageEvent[]; sendAt: string | null }) {
  if (events.length === 0) return <p class="muted">No step of it has been read yet.</p>;
  return (
    <ol class="timeline">
      {events.map((event, i) => {
        const before = events[i - 1];
        const { label, tone } = wordOf(messageWords, event.status);
        const newDay = before === undefined || day(before.occurred_at) !== day(event.occurred_at);
        return (
          <li
            key={`${event.status} ${event.claim} ${event.occurred_at} ${event.provider_id}`}
            data-tone={tone}
            data-status={event.status}
          >
            <div class="when">
              <time class="number" dateTime={event.occurred_at} title={exact(event.occurred_at)}>
                {clock(event.occurred_at)}
              </time>
              <small>{newDay ? day(event.occurred_at) : gap(before.occurred_at, event.occurred_at)}</small>
            </div>
            <div class="what">
              <strong>
                {label}
                {event.claim > 1 && <span class="muted"> · attempt {event.claim}</span>}
              </strong>
              {event.reason === null ? (
                <span class="muted">{messageSteps[event.status] ?? ""}</span>
              ) : (
                <ReasonText reason={event.reason} />
              )}
              {event.status === "queued" && event.next_at !== null && event.next_at !== sendAt && (
                <span class="small muted">
                  Not before <Time at={event.next_at} />
                </span>
              )}
              <Source event={event} />
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** Whose word it is, where it is not the mesh's own. */
function Source({ event: { origin, provider_id } }: { event: MessageEvent }) {
  const receipt = origin === "provider";
  if (!receipt && provider_id === null) return null;
  return (
    <span class="small muted">
      {receipt && "The provider's receipt"}
      {receipt && provider_id !== null && " · "}
      {provider_id !== null && <span class="id">{provider_id}</span>}
    </span>
  );
}
