import { me } from "../../api/session.ts";
import { Link } from "../../routing/link.tsx";
import { addressOf } from "../../routing/path.ts";
import { place } from "../../routing/router.ts";
import type { Attention } from "../../shapes/status.ts";
import { Chip } from "../../ui/chip.tsx";
import { Time } from "../../ui/time.tsx";
import { severityWords } from "../../words/states.ts";
import { objectParts } from "./object-address.ts";

/** Worst first, as the API orders it; each leads to where something can be done. `names`: of sessions and campaigns. */
export function AttentionList({
  items,
  names,
}: {
  items: readonly Attention[];
  names: ReadonlyMap<string, string>;
}) {
  const here = place.value.tenant;
  const tenants = new Map(me.value?.tenants.map(({ tenant, name }) => [tenant, name]));
  return (
    <ul class="attention">
      {items.map((item) => {
        const parts = objectParts(item);
        const name = item.object_kind === "tenant" ? null : (names.get(item.object_id) ?? item.object_id);
        return (
          <li key={`${item.tenant} ${item.code} ${item.object_kind} ${item.object_id}`}>
            <Chip of={severityWords} state={item.severity} />
            <span class="text">
              {name !== null && <strong>{name} </strong>}
              {parts === null ? item.text : <Link to={addressOf(item.tenant, parts)}>{item.text}</Link>}
              {item.tenant !== here && (
                <span class="muted"> · {tenants.get(item.tenant) ?? item.tenant}</span>
              )}
            </span>
            <span class="muted small">
              <Time at={item.since} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
