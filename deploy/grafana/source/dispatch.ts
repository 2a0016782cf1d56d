import { type Dashboard, lines, on, quantiles } from "./panel.ts";

export const dispatch: Dashboard = {
  uid: "wamesh-dispatch",
  title: "wamesh: dispatch",
  about: "The schedule: what waits, why, how it leaves, and who owns the shards.",
  job: "dispatcher",
  rows: [
    {
      title: "What waits",
      panels: [
        lines("Backlog", "Messages in the schedule, by lane.", "short", [
          `sum by (lane) (wamesh_dispatch_queued{${on}})`,
          "{{lane}}",
        ]),
        lines("Oldest", "What dispatchers scale on. Held messages count.", "s", [
          `max by (lane) (wamesh_dispatch_oldest_seconds{${on}})`,
          "{{lane}}",
        ]),
        lines(
          "Held back",
          "By reason. Paces are ordinary; sessions and templates are their tenants'.",
          "short",
          [
            `sum by (reason) (wamesh_dispatch_held{${on}})`,
            "{{reason}}",
            "appears with the first message that is held",
          ],
        ),
      ],
    },
    {
      title: "How it leaves",
      panels: [
        lines(
          "From due to written",
          "Per lane; the slot is bound when the bytes are written.",
          "s",
          ...quantiles("wamesh_dispatch_dwell_seconds", on, "lane"),
        ),
        lines(
          "Rate: configured and effective",
          "Over the sessions with something waiting. Effective is lower after throttles.",
          "ops",
          [
            `sum by (provider) (wamesh_dispatch_rate_configured_per_second{${on}})`,
            "{{provider}} configured",
          ],
          [`sum by (provider) (wamesh_dispatch_rate_effective_per_second{${on}})`, "{{provider}} effective"],
        ),
        lines("Calls of providers", "By outcome and whose fault.", "ops", [
          `sum by (provider, outcome, fault_class) (rate(wamesh_dispatch_sends_total{${on}}[$__rate_interval])) > 0`,
          "{{provider}} {{outcome}} {{fault_class}}",
        ]),
        lines(
          "Duration of a call",
          "Of the provider, by provider.",
          "s",
          ...quantiles("wamesh_dispatch_send_duration_seconds", on, "provider"),
        ),
        lines(
          "In flight and in doubt",
          "Claims that are open; outcomes unknown for now.",
          "short",
          [`sum(wamesh_dispatch_in_flight{${on}})`, "in flight"],
          [`sum(wamesh_dispatch_in_doubt{${on}})`, "in doubt"],
        ),
        lines("Sessions with work", "open, slowed (below 90 % of its rate), paused or held.", "short", [
          `sum by (provider, state) (wamesh_dispatch_sessions{${on}})`,
          "{{provider}} {{state}}",
        ]),
        lines("Fairness", "Jain's index over the tenants that waited: 1 is even.", "short", [
          `min(wamesh_dispatch_fairness_jain{${on}})`,
          "Jain's index",
          "only while tenants wait",
        ]),
        lines("Not admitted yet", "Records in Kafka that the schedule has not taken.", "short", [
          `sum(wamesh_dispatch_admission_lag{${on}})`,
          "records",
        ]),
        lines(
          "The store refuses",
          "For how long Postgres has refused the schedule's writes. 0 is right.",
          "s",
          [`max(wamesh_dispatch_store_failing_seconds{${on}})`, "refused for"],
        ),
      ],
    },
    {
      title: "Ownership",
      panels: [
        lines("Shards", "Owned, by process. The sum is the lanes' number of partitions.", "short", [
          `sum by (instance) (wamesh_dispatch_shards{${on}})`,
          "{{instance}}",
        ]),
        lines(
          "Shards change hands",
          "lease_not_renewed and lease_taken are losses; the others are planned.",
          "short",
          [`sum by (change) (increase(wamesh_dispatch_shard_changes_total{${on}}[5m]))`, "{{change}}"],
        ),
        lines(
          "Take-over",
          "From being assigned a shard until it is owned. Planned: below 2 s; after a kill: up to ten more.",
          "s",
          ...quantiles("wamesh_dispatch_take_over_seconds", on),
        ),
      ],
    },
  ],
};
