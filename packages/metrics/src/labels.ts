/** Labels as attributes of OpenTelemetry. */
import type { Attributes } from "@opentelemetry/api";
import { catalogue, type LabelValue, type MetricName } from "./catalogue.ts";

export type Labels = Readonly<Record<string, LabelValue>>;

/** In the catalogue's order, in which they are served, and as text: the SDK tells 200 from "200", a page does not. */
export function attributesOf(name: MetricName, labels: Labels | undefined): Attributes {
  const attributes: Attributes = {};
  if (labels !== undefined)
    for (const label of catalogue[name].labels as readonly string[])
      attributes[label] = String(labels[label]);
  return attributes;
}
