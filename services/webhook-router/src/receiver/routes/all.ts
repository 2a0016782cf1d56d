/** The receiver's routes: any number of processes, no store. */
import type { Directory } from "@wamesh/directory";
import type { ApiRoute } from "@wamesh/http";
import type { Producer } from "@wamesh/kafka";
import type { CallbackPepper } from "@wamesh/providers";
import type { Metrics } from "../../metrics.ts";
import type { Owners } from "../../owners.ts";
import type { Records } from "../../records.ts";
import { parseMetaApps } from "../meta-apps.ts";
import { createTakeIn } from "../take-in.ts";
import { cloudApiCallback } from "./cloud-api-callback.ts";
import { cloudApiChallenge } from "./cloud-api-challenge.ts";
import { wasenderCallback } from "./wasender-callback.ts";

export function receiverRoutes(deps: {
  settings: { metaApps: string; callbackPeppers: readonly CallbackPepper[] };
  directory: Pick<Directory, "sessionByCallbackToken">;
  owners: Owners;
  records: Records;
  /** Its deadline must end before a provider's patience. */
  producer: Pick<Producer, "send">;
  metrics: Pick<Metrics, "item" | "refused" | "durable">;
}): ApiRoute[] {
  const { settings, directory, owners, records, producer, metrics } = deps;
  const apps = parseMetaApps(settings.metaApps);
  const { refused } = metrics;
  const takeIn = createTakeIn({
    owners,
    records,
    producer,
    now: Date.now,
    count: metrics.item,
    durable: metrics.durable,
  });
  return [
    cloudApiChallenge({ apps }),
    cloudApiCallback({ apps, takeIn, refused }),
    wasenderCallback({
      sessionByToken: directory.sessionByCallbackToken,
      peppers: settings.callbackPeppers,
      takeIn,
      refused,
    }),
  ];
}
