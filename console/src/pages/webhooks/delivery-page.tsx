import { useGet } from "../../api/query.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { WholeDelivery } from "../../shapes/webhook.ts";
import { Chip } from "../../ui/chip.tsx";
import { Card, Facts, PageShell } from "../../ui/page.tsx";
import { ProblemNotice, Skeleton } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { clock, day, exact } from "../../words/moment.ts";
import { deliveryWords } from "../../words/states.ts";
import { answerInWords } from "./answer.ts";

export function DeliveryPage({ endpoint, id }: { endpoint: string; id: string }) {
  const from = useGet<WholeDelivery>(
    `/v1/endpoints/${encodeURIComponent(endpoint)}/deliveries/${encodeURIComponent(id)}`,
    {},
    { everyMs: 5_000 },
  );
  const delivery = from.data;
  const crumb = { to: addressHere(["webhooks", endpoint]), text: "Endpoint" };
  if (delivery === null)
    return (
      <PageShell title="Delivery" crumb={crumb}>
        {from.problem === null ? <Skeleton /> : <ProblemNotice problem={from.problem} retry={from.refresh} />}
      </PageShell>
    );
  return (
    <PageShell
      title={delivery.event_type}
      crumb={crumb}
      beside={<Chip of={deliveryWords} state={delivery.status} />}
      sub={<span class="id">{delivery.id}</span>}
    >
      <ProblemNotice problem={from.problem} />
      <div class="columns">
        <Card title="What was sent">
          <pre class="code-block">{JSON.stringify(delivery.payload, null, 2)}</pre>
        </Card>
        <div class="stack">
          <Card title="Attempts">
            {delivery.attempts.length === 0 ? (
              <p class="muted">None yet.</p>
            ) : (
              <ol class="stack">
                {delivery.attempts.map((attempt) => (
                  <li key={attempt.attempt} class="stack-tight">
                    <div class="row-apart">
                      <strong>
                        {attempt.attempt}. {answerInWords(attempt)}
                      </strong>
                      <time class="muted small" dateTime={attempt.ended_at} title={exact(attempt.ended_at)}>
                        {day(attempt.ended_at)} {clock(attempt.ended_at)}
                      </time>
                    </div>
                    <span class="muted small">{attempt.duration_ms} ms</span>
                    {attempt.answer !== null && attempt.answer !== "" && (
                      <pre class="code-block">{attempt.answer}</pre>
                    )}
                  </li>
                ))}
              </ol>
            )}
          </Card>
          <Card title="What it is">
            <Facts
              rows={[
                [
                  "Message",
                  delivery.message_id === null ? null : (
                    <Link key="m" to={addressHere(["messages", delivery.message_id])}>
                      its timeline
                    </Link>
                  ),
                ],
                ["Happened", <Time key="t" at={delivery.created_at} />],
                ["Next try", delivery.next_at === null ? null : <Time key="n" at={delivery.next_at} />],
                ["Again", delivery.replayed ? "it was delivered again" : null],
              ]}
            />
          </Card>
        </div>
      </div>
    </PageShell>
  );
}
