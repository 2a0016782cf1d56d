/** Faults of the providers, played by the simulator. */
import { setTimeout as delay } from "node:timers/promises";
import { askSimulator } from "@wamesh/testing/outside";
import { between, type Fault, type Field } from "./field.ts";

/** The fault lasts for `forMs`, or until it struck `count` times in the simulator's own table; then it is removed. */
async function lasting(
  field: Field,
  faults: readonly Record<string, unknown>[],
  forMs: number,
): Promise<void> {
  const { simulator } = field.mesh;
  const ids: number[] = [];
  for (const fault of faults) {
    field.say(
      `provider: ${Object.entries(fault)
        .map(([name, value]) => `${name} ${value}`)
        .join(", ")}`,
    );
    ids.push((await askSimulator<{ id: number }>(simulator, "POST", "/_sim/faults", fault)).id);
  }
  await delay(forMs);
  for (const id of ids) await askSimulator(simulator, "DELETE", `/_sim/faults/${id}`);
}

function provider(
  kind: string,
  about: string,
  faults: readonly Record<string, unknown>[],
  seconds: [number, number],
): Fault {
  return {
    kind,
    about,
    strike: (field) => lasting(field, faults, between(field, seconds[0] * 1000, seconds[1] * 1000)),
  };
}

export const providerFaults: readonly Fault[] = [
  provider(
    "timeout_but_sent",
    "the provider takes messages and never answers",
    [{ kind: "timeout_but_sent", rate: 0.15, count: 20 }],
    [4, 6],
  ),
  provider(
    "timeout_not_sent",
    "the provider neither takes nor answers some messages",
    [{ kind: "timeout_not_sent", rate: 0.15, count: 20 }],
    [4, 6],
  ),
  provider(
    "black_hole",
    "no request is answered at all for 3 to 5 s",
    [{ kind: "timeout_not_sent" }],
    [3, 5],
  ),
  provider(
    "reset_but_sent",
    "connections are reset before the answer, the messages go out",
    [{ kind: "reset_but_sent", rate: 0.2, count: 30 }],
    [4, 6],
  ),
  provider(
    "reset_mid_answer",
    "connections are reset in the middle of the answer",
    [
      { kind: "reset_mid_answer", rate: 0.15, count: 20, sent: true },
      { kind: "reset_mid_answer", rate: 0.15, count: 20, sent: false },
    ],
    [4, 6],
  ),
  provider(
    "server_errors",
    "a burst of 502 and 503, some of whose messages went out all the same",
    [
      { kind: "http_5xx", rate: 0.2, count: 15, sent: true },
      { kind: "http_5xx", rate: 0.2, count: 15, status: 503, sent: false },
    ],
    [3, 5],
  ),
  provider(
    "broken_answers",
    "200 with a body cut off",
    [{ kind: "broken_body", rate: 0.2, count: 20, sent: true }],
    [4, 6],
  ),
  provider(
    "too_many_requests",
    "a storm of 429 without Retry-After",
    [{ kind: "http_429", rate: 0.5, count: 60 }],
    [3, 5],
  ),
  provider(
    "too_many_requests_wait",
    "a storm of 429 with Retry-After",
    [{ kind: "http_429", rate: 0.5, count: 60, retry_after: 2 }],
    [3, 5],
  ),
  provider("callbacks_doubled", "every receipt comes twice", [{ kind: "duplicate_callbacks" }], [5, 8]),
  provider(
    "callbacks_reordered",
    "receipts come in the opposite order",
    [{ kind: "reorder_callbacks" }],
    [5, 8],
  ),
  provider(
    "callbacks_early",
    "a receipt comes before the send is answered",
    [{ kind: "early_callbacks" }],
    [5, 8],
  ),
  provider(
    "callbacks_late",
    "receipts come 4 s late, while some answers are lost",
    [
      { kind: "late_callbacks", ms: 4000 },
      { kind: "reset_but_sent", rate: 0.15, count: 20 },
    ],
    [5, 8],
  ),
  provider(
    "callback_outage",
    "receipts are lost on their way and told again later",
    [{ kind: "callback_outage" }],
    [2, 3],
  ),
  provider(
    "failed_later",
    "accepted, then reported as failed",
    [{ kind: "failed_later", rate: 0.2 }],
    [4, 6],
  ),
];
