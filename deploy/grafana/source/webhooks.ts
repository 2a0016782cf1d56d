import { type Dashboard, figure, lines, on, quantiles } from "./panel.ts";

export const webhooks: Dashboard = {
  uid: "wamesh-webhooks",
  title: "wamesh: webhooks",
  about: "What tenants' endpoints are told, and how they take it.",
  job: "webhook-router",
  rows: [
    {
      title: "Now",
      panels: [
        figure("Delivered", "Of the calls of the last minutes.", "percentunit", [
          `sum(rate(wamesh_webhook_attempts_total{${on},outcome="delivered"}[5m])) / sum(rate(wamesh_webhook_attempts_total{${on}}[5m]))`,
          "delivered",
        ]),
        figure(
          "Overdue",
          "The most overdue delivery of an active endpoint.",
          "s",
          ["max(wamesh_webhook_overdue_seconds)", "overdue"],
          [60, 300],
        ),
        figure("Waiting", "Due or not.", "short", ["max(wamesh_webhook_waiting)", "waiting"]),
        figure("In flight", "Calls that are open.", "short", [
          `sum(wamesh_webhook_in_flight{${on}})`,
          "open",
        ]),
      ],
    },
    {
      title: "Over time",
      panels: [
        lines("Calls", "By outcome: retry is tried again for three days.", "ops", [
          `sum by (outcome) (rate(wamesh_webhook_attempts_total{${on}}[$__rate_interval]))`,
          "{{outcome}}",
        ]),
        lines(
          "Duration of a call",
          "Endpoints have 15 s.",
          "s",
          ...quantiles("wamesh_webhook_duration_seconds", on),
        ),
        lines(
          "Endpoints",
          "failing: since its last success there were failures. disabled: after five days of them, or by 410.",
          "short",
          ["max by (state) (wamesh_webhook_endpoints)", "{{state}}"],
        ),
      ],
    },
  ],
};
