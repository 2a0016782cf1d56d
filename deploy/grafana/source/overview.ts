import { type Dashboard, figure, lines, on, quantiles } from "./panel.ts";

export const overview: Dashboard = {
  uid: "wamesh-overview",
  title: "wamesh: overview",
  about: "Whether messages flow, how fast, and what is in their way.",
  rows: [
    {
      title: "Now",
      panels: [
        figure(
          "Alerts that page",
          "Firing now; each has a runbook.",
          "short",
          ['sum(ALERTS{alertstate="firing",severity="page"}) or vector(0)', "pages"],
          [1, 1],
        ),
        figure(
          "Alerts that wait",
          "Tickets for the morning.",
          "short",
          ['sum(ALERTS{alertstate="firing",severity="ticket"}) or vector(0)', "tickets"],
          [1, 10],
        ),
        figure("Messages a second", "Taken by providers.", "ops", [
          "sum(rate(wamesh_dispatch_sent_total[$__rate_interval]))",
          "sent",
        ]),
        figure("Waiting", "In the schedule, whatever for.", "short", [
          "sum(wamesh_dispatch_queued)",
          "waiting",
        ]),
        figure(
          "In doubt",
          "Outcome unknown for now; receipts settle most.",
          "short",
          ["sum(wamesh_dispatch_in_doubt)", "in doubt"],
          [20, 200],
        ),
        figure("Sessions connected", "Of those that are wanted.", "percentunit", [
          'sum(max by (provider, status) (wamesh_sessions{status="connected"})) / sum(max by (provider, status) (wamesh_sessions{status!~"created|deleted"}))',
          "connected",
        ]),
      ],
    },
    {
      title: "The way of a message",
      panels: [
        lines("Accepted", "By lane, written to Kafka. What the door took.", "ops", [
          "sum by (lane) (rate(wamesh_intake_messages_total[$__rate_interval]))",
          "{{lane}}",
        ]),
        lines(
          "From due to written",
          "How long messages wait in the schedule. One-time passwords: below 5 s.",
          "s",
          ...quantiles("wamesh_dispatch_dwell_seconds", 'lane=~".+"', "lane"),
        ),
        lines("What became of them", "Statuses folded into the read model.", "ops", [
          "sum by (status) (rate(wamesh_messages_total[$__rate_interval]))",
          "{{status}}",
        ]),
        lines(
          "From callback to the read model",
          "When a receipt can be seen by its tenant. Below 10 s for 99 of 100.",
          "s",
          ...quantiles("wamesh_callback_projected_seconds", ""),
        ),
        lines("Webhooks", "Calls of tenants' endpoints, by outcome.", "ops", [
          "sum by (outcome) (rate(wamesh_webhook_attempts_total[$__rate_interval]))",
          "{{outcome}}",
        ]),
        lines(
          "Given up",
          "Dead letters by whose fault it was. Recipients' are their tenants' to read.",
          "short",
          [
            "sum by (fault_class) (increase(wamesh_dead_letters_total[5m]))",
            "{{fault_class}}",
            "appears with the first dead letter",
          ],
        ),
      ],
    },
    {
      title: "The API",
      panels: [
        lines(
          "Latency",
          "All services behind an HTTP API, by service.",
          "s",
          ...quantiles("wamesh_http_server_request_duration_seconds", on, "job"),
        ),
        lines("Requests", "By status.", "reqps", [
          `sum by (status) (rate(wamesh_http_server_requests_total{${on}}[$__rate_interval]))`,
          "{{status}}",
        ]),
        lines("Refused at the door", "By the limit that refused.", "ops", [
          "sum by (by) (rate(wamesh_intake_refused_total[$__rate_interval]))",
          "{{by}}",
        ]),
      ],
    },
  ],
};
