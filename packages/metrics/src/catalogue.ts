/**
 * Every metric there is. Instruments are made from it, so that name, labels and help can't differ from what is documented:
 * docs/metrics.md is printed from it. Names are served with `wamesh_` before them.
 */
import { dispatcherMetrics } from "./catalogue/dispatcher.ts";
import { ingestMetrics } from "./catalogue/ingest.ts";
import { kafkaMetrics } from "./catalogue/kafka.ts";
import { processMetrics } from "./catalogue/process.ts";
import { sessionManagerMetrics } from "./catalogue/session-manager.ts";
import { statusProjectorMetrics } from "./catalogue/status-projector.ts";
import { storeMetrics } from "./catalogue/store.ts";
import { webhookRouterMetrics } from "./catalogue/webhook-router.ts";

export const catalogue = {
  ...processMetrics,
  ...kafkaMetrics,
  ...storeMetrics,
  ...ingestMetrics,
  ...dispatcherMetrics,
  ...webhookRouterMetrics,
  ...statusProjectorMetrics,
  ...sessionManagerMetrics,
};

export type Catalogue = typeof catalogue;
export type MetricName = keyof Catalogue;
export type NameOf<Type extends "counter" | "gauge" | "histogram"> = {
  [Name in MetricName]: Catalogue[Name]["type"] extends Type ? Name : never;
}[MetricName];

export type LabelValue = string | number | boolean;
/** Exactly the labels that the catalogue names; none where it names none. */
export type LabelsOf<Name extends MetricName> = Catalogue[Name]["labels"][number] extends never
  ? []
  : [labels: Readonly<Record<Catalogue[Name]["labels"][number], LabelValue>>];
