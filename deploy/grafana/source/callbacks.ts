import { type Dashboard, lines, on, quantiles } from "./panel.ts";

export const callbacks: Dashboard = {
  uid: "wamesh-callbacks",
  title: "wamesh: callbacks",
  about: "What providers tell: taken in, understood, seen.",
  job: "webhook-router",
  rows: [
    {
      title: "Taken in",
      panels: [
        lines(
          "Callbacks",
          "Requests of providers, by status of the answer. Anything but 200 is repeated, or lost.",
          "reqps",
          [
            'sum by (route, status) (rate(wamesh_http_server_requests_total{route=~"/callbacks.*"}[$__rate_interval]))',
            "{{route}} {{status}}",
          ],
        ),
        lines("Items", "Receipts, inbound messages, facts; a callback holds one or many.", "ops", [
          `sum by (provider, kind) (rate(wamesh_callback_items_total{${on}}[$__rate_interval]))`,
          "{{provider}} {{kind}}",
        ]),
        lines("Refused", "By reason: signature, unknown_path, too_large, too_slow.", "short", [
          `sum by (provider, why) (increase(wamesh_callbacks_refused_total{${on}}[5m]))`,
          "{{provider}} {{why}}",
        ]),
        lines("Without an owner", "Verified, and of a number that no tenant has.", "short", [
          `sum by (provider) (increase(wamesh_callback_items_total{${on},routed="false"}[5m]))`,
          "{{provider}}",
        ]),
      ],
    },
    {
      title: "How long it takes",
      panels: [
        lines(
          "Until Kafka has it",
          "The provider is answered then.",
          "s",
          ...quantiles("wamesh_callback_durable_seconds", on, "provider"),
        ),
        lines(
          "Until it is understood",
          "And what it says is in Kafka.",
          "s",
          ...quantiles("wamesh_callback_understood_seconds", on, "provider"),
        ),
        lines(
          "Until it is seen",
          "In the read model, so in API, console and stream.",
          "s",
          ...quantiles("wamesh_callback_projected_seconds", ""),
        ),
      ],
    },
    {
      title: "What waits, and what nobody understood",
      panels: [
        lines("Parked", "Waiting for a reference or an owner.", "short", [
          "max(wamesh_callback_items_parked)",
          "parked",
        ]),
        lines("Oldest parked", "WasenderApi's may wait 72 h: messages typed on the phone.", "s", [
          "max(wamesh_callback_items_parked_oldest_seconds)",
          "oldest",
        ]),
        lines("Not understood", "Kept by name, never dropped.", "short", [
          `topk(10, sum by (provider, name) (increase(wamesh_callback_items_not_understood_total{${on}}[1h])))`,
          "{{provider}} {{name}}",
          "appears with the first thing that nobody understands",
        ]),
      ],
    },
  ],
};
