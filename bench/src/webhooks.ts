/** Webhooks: how many a second reach tenants' endpoints, and what a sick endpoint costs the healthy ones. */
import { benchOfParts } from "./parts.ts";
import { deliveries } from "./webhooks/deliveries.ts";
import { fullSizes, noFigures, quickSizes, targets, type WebhookFigures } from "./webhooks/figures.ts";
import { neighbours } from "./webhooks/neighbours.ts";
import { type Rig, startRig } from "./webhooks/rig.ts";

const parts: Record<string, (rig: Rig) => Promise<Partial<WebhookFigures>>> = { deliveries, neighbours };

export const webhooks = benchOfParts({
  about: "deliveries per second to tenants' endpoints, and what a dead and a slow one cost the others",
  parts,
  targets,
  none: noFigures,
  startRig: ({ log, quick }) => startRig({ log, sizes: quick ? quickSizes : fullSizes }),
});
