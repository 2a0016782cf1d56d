import { type Dashboard, lines, on, quantiles } from "./panel.ts";

export const stack: Dashboard = {
  uid: "wamesh-stack",
  title: "wamesh: stack",
  about: "Processes, consumers, outboxes, leases, and the servers behind them.",
  rows: [
    {
      title: "Processes",
      panels: [
        lines("Up", "1: it answers its scrape.", "short", [`up{${on}}`, "{{job}} {{instance}}"]),
        lines("Ready", "1: /readyz says 200.", "short", [
          `wamesh_process_ready{${on}}`,
          "{{job}} {{instance}}",
        ]),
        lines("Memory", "Resident.", "bytes", [
          `wamesh_process_resident_memory_bytes{${on}}`,
          "{{job}} {{instance}}",
        ]),
        lines("CPU", "Cores used; a process can use little more than one.", "short", [
          `rate(wamesh_process_cpu_seconds_total{${on}}[$__rate_interval])`,
          "{{job}} {{instance}}",
        ]),
        lines("Event loop delay, p99", "Above 100 ms a process has too much to do.", "s", [
          `wamesh_process_event_loop_delay_p99_seconds{${on}}`,
          "{{job}} {{instance}}",
        ]),
        lines("Open descriptors", "Flat in a healthy process.", "short", [
          `wamesh_process_open_fds{${on}}`,
          "{{job}} {{instance}}",
        ]),
      ],
    },
    {
      title: "Kafka",
      panels: [
        lines("Lag in records", "By group: log end minus position.", "short", [
          `sum by (group) (wamesh_kafka_consumer_lag_records{${on}})`,
          "{{group}}",
        ]),
        lines("Lag in time", "Age of the oldest record that was read and is not handled.", "s", [
          `max by (group) (wamesh_kafka_consumer_lag_seconds{${on}})`,
          "{{group}}",
        ]),
        lines("Last fetch", "Above 60 s liveness fails.", "s", [
          `max by (group, instance) (wamesh_kafka_consumer_poll_age_seconds{${on}})`,
          "{{group}} {{instance}}",
        ]),
        lines("Handled", "Records a second, by group.", "ops", [
          `sum by (group) (rate(wamesh_kafka_consumer_records_total{${on}}[$__rate_interval]))`,
          "{{group}}",
        ]),
        lines(
          "Batches that failed",
          "Read again. Also producers' requests.",
          "short",
          [`sum by (group) (increase(wamesh_kafka_consumer_failures_total{${on}}[5m]))`, "{{group}}"],
          [`sum by (job) (increase(wamesh_kafka_producer_failures_total{${on}}[5m]))`, "{{job}} producing"],
        ),
        lines(
          "Produce",
          "One request until acknowledged, by service.",
          "s",
          ...quantiles("wamesh_kafka_producer_duration_seconds", on, "job"),
        ),
        lines("Tables", "Since a compacted table was last refreshed. Above 30 s unready.", "s", [
          `max by (instance, topic) (wamesh_kafka_table_age_seconds{${on}})`,
          "{{instance}} {{topic}}",
        ]),
      ],
    },
    {
      title: "Servers",
      panels: [
        lines("Reachable", "1: the last contact worked.", "short", [
          `min by (dependency, job) (wamesh_dependency_up{${on}})`,
          "{{dependency}} from {{job}}",
        ]),
        lines("Contacts that failed", "By server.", "short", [
          `sum by (dependency) (increase(wamesh_dependency_errors_total{${on}}[5m]))`,
          "{{dependency}}",
        ]),
        lines("Certificates", "Days until the first one ends.", "d", [
          `min by (job, setting) (wamesh_certificate_expiry_seconds{${on}}) / 86400`,
          "{{job}} {{setting}}",
          "only where TLS settings are given",
        ]),
        lines("Disk left", "node_exporter on the machines of Kafka and Postgres.", "percentunit", [
          'node_filesystem_avail_bytes{job="node",fstype!~"ramfs|overlay|squashfs"} / node_filesystem_size_bytes{job="node",fstype!~"ramfs|overlay|squashfs"}',
          "{{instance}} {{mountpoint}}",
          "only where node_exporter is scraped",
        ]),
      ],
    },
    {
      title: "Outboxes and leases",
      panels: [
        lines("Outbox rows", "Committed and not published.", "short", [
          "max by (outbox) (wamesh_outbox_rows)",
          "{{outbox}}",
        ]),
        lines("Oldest in an outbox", "Seconds are ordinary, minutes are not.", "s", [
          "max by (outbox) (wamesh_outbox_oldest_seconds)",
          "{{outbox}}",
        ]),
        lines("Leases held", "1 for each; 0 for longer than a moment: nobody does its work.", "short", [
          "sum by (lease) (wamesh_lease_held)",
          "{{lease}}",
        ]),
        lines("Leases change", "acquired and lost.", "short", [
          "sum by (lease, change) (increase(wamesh_lease_changes_total[5m]))",
          "{{lease}} {{change}}",
        ]),
      ],
    },
  ],
};
