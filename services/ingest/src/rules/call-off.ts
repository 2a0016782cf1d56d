/** An event calls off the waiting steps of a rule: which ones. Pure. */
import type { EventOutcome } from "@wamesh/events";
import type { EventView } from "../events/event-path.ts";
import { cancelsId, type EventName, outcomeOf, reason, reasonOfFailure } from "../events/outcome.ts";
import type { Reading } from "../events/reading.ts";
import { holds } from "./expression.ts";
import type { Rule } from "./rule.ts";
import { keysOf } from "./rule-key.ts";

export type CallOff = {
  event: EventName;
  rule: string;
  /** Steps are called off by the version that made them. */
  of: { version: number; keys: string[] }[];
  /** Told when steps were waiting, with how many; and when none was. */
  told(count: number): EventOutcome;
};

/** `versions`: those of one rule that an event of this type calls off. An outcome alone where the event calls nothing off. */
export function callOff(
  event: EventName,
  view: EventView,
  versions: readonly Rule[],
  reading: Reading,
): CallOff | EventOutcome {
  const [newest] = versions;
  const { id, version } = newest!;
  const tell = (told: Parameters<typeof outcomeOf>[3]) =>
    outcomeOf(event, { rule: id, version, step: null }, reading.nowMs, {
      event_id: cancelsId(event, id),
      ...told,
    });
  const of: CallOff["of"] = [];
  let not: EventOutcome | undefined;
  for (const one of versions)
    for (const { condition, match } of (one.cancel_on ?? []).filter((on) => on.event_type === event.type)) {
      const applies = condition === undefined || holds(condition, view);
      if (applies === true) {
        const keys = keysOf(one, view, reading.tokenKeys, match);
        if (keys.kind === "keys") of.push({ version: one.version, keys: keys.tokens });
        else not ??= tell({ outcome: "failed", reason: reasonOfFailure(keys) });
      } else if (applies === false)
        not ??= tell({ outcome: "condition_false", reason: reason("condition_false") });
      else not ??= tell({ outcome: "failed", reason: reasonOfFailure(applies) });
    }
  if (of.length === 0 && not !== undefined) return not;
  return {
    event,
    rule: id,
    of,
    told: (count) =>
      count === 0
        ? tell({ outcome: "ignored", reason: reason("nothing_waiting") })
        : tell({
            outcome: "cancels",
            reason: reason(
              "cancelled_by_event",
              `${count} waiting step${count === 1 ? " was" : "s were"} called off.`,
            ),
          }),
  };
}
