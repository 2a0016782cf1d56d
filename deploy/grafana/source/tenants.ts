import { tenants as chosen, type Dashboard, figure, lines } from "./panel.ts";

export const tenants: Dashboard = {
  uid: "wamesh-tenants",
  title: "wamesh: tenants",
  about: "Per tenant. The busiest have series of their own (WAMESH_TENANT_SERIES_MAX), the rest are `other`.",
  perTenant: true,
  rows: [
    {
      title: "Messages",
      panels: [
        lines("What became of them", "A message counts once per outcome that it reached.", "short", [
          `sum by (tenant, outcome) (increase(wamesh_tenant_messages_total{${chosen}}[5m]))`,
          "{{tenant}} {{outcome}}",
        ]),
        lines("Success", "Of what ended in the last hour, the share that a provider took.", "percentunit", [
          `max by (tenant) (wamesh_tenant_success_ratio{${chosen}})`,
          "{{tenant}}",
        ]),
        lines("In doubt", "Outcome unknown for now.", "short", [
          `max by (tenant) (wamesh_tenant_in_doubt{${chosen}})`,
          "{{tenant}}",
        ]),
        lines("Waiting", "In the schedule.", "short", [
          `max by (tenant) (wamesh_tenant_waiting{${chosen}})`,
          "{{tenant}}",
        ]),
        lines("Oldest waiting", "Also what is held for a session of its own.", "s", [
          `max by (tenant) (wamesh_tenant_oldest_waiting_seconds{${chosen}})`,
          "{{tenant}}",
        ]),
      ],
    },
    {
      title: "Sessions and endpoints",
      panels: [
        lines("Sessions", "By status.", "short", [
          `max by (tenant, status) (wamesh_tenant_sessions{${chosen}})`,
          "{{tenant}} {{status}}",
        ]),
        lines("Webhooks", "Calls of its endpoints.", "short", [
          `sum by (tenant, outcome) (increase(wamesh_tenant_webhooks_total{${chosen}}[5m]))`,
          "{{tenant}} {{outcome}}",
        ]),
        figure("Tenants with series of their own", "The others are counted together.", "short", [
          'max(wamesh_tenant_series{kind="named"})',
          "named",
        ]),
      ],
    },
  ],
};
