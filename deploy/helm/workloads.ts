/** How the five services are split into workloads, each scaled by itself; what of it the chart needs as data. Pure. */

import { type SettingsShape, settingsTable } from "@wamesh/service";
import type { RoutedService } from "../local/src/gateway-routes.ts";

export type ServiceName = RoutedService | "dispatcher";

type Workload = {
  service: ServiceName;
  /** WAMESH_ROLES; null where the service has none. */
  roles: string | null;
  /** Whether it answers HTTP. */
  http: boolean;
  /** Paths of the service that go to this workload only; without it, those that no other has named. */
  paths?: readonly string[];
  /** Kafka groups whose lag says that more processes are needed; more of them than partitions would idle. */
  groups: readonly string[];
  /** Whether it calls providers, tenants' endpoints or their file servers. */
  internet: boolean;
};

export const workloads = {
  "ingest-api": { service: "ingest", roles: "api", http: true, groups: [], internet: false },
  "ingest-worker": {
    service: "ingest",
    roles: "worker",
    http: false,
    groups: ["wamesh-ingest-events", "wamesh-ingest-contacts", "wamesh-ingest-campaigns"],
    internet: false,
  },
  dispatcher: {
    service: "dispatcher",
    roles: null,
    http: false,
    // Lag is of admission only; what waits is in the schedule, whose age is a metric.
    groups: ["wamesh-dispatcher"],
    internet: true,
  },
  "session-manager": {
    service: "session-manager",
    roles: null,
    http: true,
    groups: ["wamesh-session-manager"],
    internet: true,
  },
  "webhook-receiver": {
    service: "webhook-router",
    roles: "receiver",
    http: true,
    paths: ["/callbacks"],
    groups: [],
    internet: false,
  },
  "webhook-worker": {
    service: "webhook-router",
    roles: "worker",
    http: true,
    groups: ["wamesh-router-callbacks", "wamesh-router-references", "wamesh-router-deliveries"],
    internet: true,
  },
  "projector-fold": {
    service: "status-projector",
    roles: "fold,usage",
    http: false,
    groups: ["wamesh-projector-messages", "wamesh-projector-facts"],
    internet: false,
  },
  "projector-query": { service: "status-projector", roles: "query", http: true, groups: [], internet: false },
} as const satisfies Record<string, Workload>;

/** Settings that follow from where a process runs: the templates set them, and nobody else may. */
export const setByChart = [
  "WAMESH_ROLES",
  "WAMESH_INSTANCE_ID",
  "WAMESH_HTTP_HOST",
  "WAMESH_HTTP_PORT",
  "WAMESH_PROBES_PORT",
  "WAMESH_API_PROCESSES",
  "WAMESH_KAFKA_BROKERS",
  "WAMESH_KAFKA_SSL",
  "WAMESH_KAFKA_SASL_MECHANISM",
  "WAMESH_REGISTRY_URL",
  "WAMESH_PUBLIC_ORIGIN",
  "WAMESH_ENVIRONMENT",
  "WAMESH_REPLICATION_FACTOR",
  "WAMESH_ANNOUNCE_FILE",
  "WAMESH_EXIT_WITH_PARENT",
];

export type MeshFile = ReturnType<typeof meshFile>;

/** What deploy/helm/wamesh/generated/mesh.json holds. */
export function meshFile(world: {
  /** Settings by service, and of `deploy`. */
  shapes: Readonly<Record<string, SettingsShape>>;
  /** Service by path of the public origin. */
  routes: Readonly<Record<string, string>>;
  partitions: number;
}) {
  const services = Object.fromEntries(
    Object.entries(world.shapes).map(([service, shape]) => {
      const rows = settingsTable(shape);
      return [
        service,
        {
          main: service === "deploy" ? "deploy/deploy.ts" : `services/${service}/src/main.ts`,
          settings: rows.map(({ name }) => name),
          secrets: rows.flatMap(({ name, required, secret }) => (required && secret ? [name] : [])),
          optional_secrets: rows.flatMap(({ name, required, secret }) => (!required && secret ? [name] : [])),
        },
      ];
    }),
  );
  return {
    partitions: world.partitions,
    set_by_chart: setByChart,
    services,
    workloads: Object.fromEntries(
      Object.entries<Workload>(workloads).map(([name, { paths: _, ...workload }]) => [
        name,
        { ...workload, paths: pathsOf(name, world.routes) },
      ]),
    ),
  };
}

function pathsOf(name: string, routes: Readonly<Record<string, string>>): string[] {
  const all = Object.entries<Workload>(workloads);
  const { service, http, paths: own } = all.find(([candidate]) => candidate === name)![1];
  if (!http) return [];
  const others = all.flatMap(([, { service: of, paths = [] }]) => (of === service ? paths : []));
  return Object.entries(routes).flatMap(([path, target]) =>
    target === service && (own?.includes(path) ?? !others.includes(path)) ? [path] : [],
  );
}
