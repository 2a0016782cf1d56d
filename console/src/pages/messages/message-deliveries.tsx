import { useGet } from "../../api/query.ts";
import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { MessageDelivery } from "../../shapes/message.ts";
import type { Page } from "../../shapes/status.ts";
import { Chip } from "../../ui/chip.tsx";
import { Card } from "../../ui/page.tsx";
import { deliveryWords } from "../../words/states.ts";

/** Which of the tenant's endpoints were told of it. */
export function MessageDeliveries({
  id,
  known,
}: {
  id: string;
  known: readonly MessageDelivery[] | undefined;
}) {
  const asked = useGet<Page<MessageDelivery>>(known === undefined ? "/v1/status/deliveries" : null, {
    message: id,
  });
  const rows = known ?? asked.data?.items ?? [];
  return (
    <Card title="Told to your endpoints">
      {rows.length === 0 ? (
        <p class="muted">No webhook of it so far.</p>
      ) : (
        <ul class="stack-tight">
          {rows.map((row) => {
            const webhook = row.webhook_id ?? row.id ?? "";
            const state = row.outcome ?? row.status ?? "waiting";
            return (
              <li key={`${row.endpoint} ${webhook} ${row.attempt ?? row.attempts_made}`} class="row-apart">
                {row.endpoint !== undefined && may("endpoints:read") ? (
                  <Link to={addressHere(["webhooks", row.endpoint, webhook])}>{row.event_type}</Link>
                ) : (
                  <span>{row.event_type}</span>
                )}
                <Chip of={deliveryWords} state={state} />
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}
