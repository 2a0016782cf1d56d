/** Webhooks: how many a second reach tenants' endpoints, and what a sick endpoint costs the healthy ones. */
import { endOnSignal } from "@wamesh/local";
import type { Bench } from "./report.ts";
import { deliveries } from "./webhooks/deliveries.ts";
import { fullSizes, noFigures, quickSizes, targets, type WebhookFigures } from "./webhooks/figures.ts";
import { neighbours } from "./webhooks/neighbours.ts";
import { type Rig, startRig } from "./webhooks/rig.ts";

const parts: Record<string, (rig: Rig) => Promise<Partial<WebhookFigures>>> = { deliveries, neighbours };

export const webhooks: Bench = {
  about: "deliveries per second to tenants' endpoints, and what a dead and a slow one cost the others",
  parts: Object.keys(parts),
  targets,
  async run({ log, quick, only }) {
    const rig = await startRig({ log, sizes: quick ? quickSizes : fullSizes });
    endOnSignal(() => rig.stop());
    let figures = noFigures;
    try {
      for (const [name, run] of Object.entries(parts)) {
        if (only !== null && !only.includes(name)) continue;
        log(`${name} …`);
        figures = { ...figures, ...(await run(rig)) };
      }
    } finally {
      await rig.stop();
    }
    return figures;
  },
};
