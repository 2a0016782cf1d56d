/** Of every process: itself, its API, and what it stands on. */
import { everyOf } from "../label-sets.ts";
import { callBuckets, type Metrics, serviceNames } from "../metric.ts";

const services = serviceNames;

export const processMetrics = {
  process_info: {
    type: "gauge",
    unit: "1",
    labels: ["service", "version", "node"],
    about: "Always 1; says who serves the page.",
    services,
    appears: "start",
  },
  process_ready: {
    type: "gauge",
    unit: "1",
    labels: [],
    about: "1 while /readyz answers 200, else 0.",
    services,
    appears: "start",
  },
  process_resident_memory_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: [],
    about: "Resident memory.",
    services,
    appears: "start",
  },
  process_heap_used_bytes: {
    type: "gauge",
    unit: "bytes",
    labels: [],
    about: "Used heap of the JavaScript engine.",
    services,
    appears: "start",
  },
  process_open_fds: {
    type: "gauge",
    unit: "1",
    labels: [],
    about: "Open file descriptors, sockets among them. Linux only.",
    services,
    appears: "start",
  },
  process_event_loop_delay_p99_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: [],
    about: "Delay of the event loop since the last scrape, 99th percentile.",
    services,
    appears: "start",
  },
  process_cpu_seconds_total: {
    type: "counter",
    unit: "seconds",
    labels: [],
    about: "User and system time of the processor.",
    services,
    appears: "start",
  },
  certificate_expiry_seconds: {
    type: "gauge",
    unit: "seconds",
    labels: ["setting"],
    about:
      "Until the first of the certificates in this setting ends; negative once it has. Only where a setting holds certificates.",
    services,
    appears: "use",
  },
  http_server_request_duration_seconds: {
    type: "histogram",
    unit: "seconds",
    labels: ["method", "route", "status_class"],
    about:
      "Requests to the API, by path template; `(none)` is a path that is not served. Classes are 2xx to 5xx.",
    services,
    appears: "use",
    buckets: callBuckets,
  },
  http_server_requests_total: {
    type: "counter",
    unit: "1",
    labels: ["method", "route", "status"],
    about: "Requests to the API by their exact status; 500 and 503 of each path begin at zero.",
    services,
    appears: "start",
  },
  dependency_up: {
    type: "gauge",
    unit: "1",
    labels: ["dependency"],
    about:
      "1 while the last contact with `kafka`, `postgres`, `redis` or `registry` worked, else 0. Kafka: the last fetch or request; the others are asked every 5 s.",
    services,
    appears: "start",
  },
  dependency_errors_total: {
    type: "counter",
    unit: "1",
    labels: ["dependency"],
    about: "Contacts that failed.",
    services,
    appears: "start",
    begins: everyOf({ dependency: ["kafka", "postgres", "redis", "registry"] }),
  },
} as const satisfies Metrics;
