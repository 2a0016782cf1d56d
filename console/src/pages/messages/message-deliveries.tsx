import { may } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressHere } from "../../routing/router.ts";
import type { MessageDelivery } from "../../shapes/message.ts";
import { Chip } from "../../ui/chip.tsx";
import { Card } from "../../ui/page.tsx";
import { outcomeWords } from "../../words/states.ts";

/** Which of the tenant's endpoints were told of it: each webhook once, by its last attempt. */
export function MessageDeliveries({ attempts }: { attempts: readonly MessageDelivery[] }) {
  const last = new Map(attempts.map((one) => [`${one.endpoint_id} ${one.webhook_id}`, one]));
  return (
    <Card title="Told to your endpoints">
      {last.size === 0 ? (
        <p class="muted">No webhook of it so far.</p>
      ) : (
        <ul class="stack-tight">
          {[...last.values()].map((one) => (
            <li key={one.id} class="row-apart">
              {may("endpoints:read") ? (
                <Link to={addressHere(["webhooks", one.endpoint_id, one.webhook_id])}>{one.event_type}</Link>
              ) : (
                <span>{one.event_type}</span>
              )}
              <Chip of={outcomeWords} state={one.outcome} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
