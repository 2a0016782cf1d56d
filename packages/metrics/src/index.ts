export { catalogue, type MetricName } from "./catalogue.ts";
export { contactFailed, contactWorked, type Dependency, watchDependency } from "./dependency.ts";
export { type Metric, type Metrics, prefix, type ServiceName, serviceNames } from "./metric.ts";
export { counter, gauge, histogram, metricsText, observe } from "./process-registry.ts";
export {
  type Counter,
  createRegistry,
  type Gauge,
  type Histogram,
  type Registry,
} from "./registry.ts";
export type { Say } from "./said.ts";
export { createStillness } from "./stillness.ts";
