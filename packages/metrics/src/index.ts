export { catalogue, type MetricName } from "./catalogue.ts";
export { contactFailed, contactWorked, type Dependency, watchDependency } from "./dependency.ts";
export { type Metric, type Metrics, type ServiceName, serviceNames } from "./metric.ts";
export { counter, gauge, histogram, metricsText, observe } from "./process-registry.ts";
export {
  type Counter,
  createRegistry,
  type Gauge,
  type Histogram,
  prefix,
  type Registry,
  type Say,
} from "./registry.ts";
export { createStillness } from "./stillness.ts";
