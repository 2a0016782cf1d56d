/** All scenarios there are. */
import { brokers } from "./brokers.ts";
import { restore, unsettled } from "./restore.ts";
import { scale } from "./scale.ts";
import type { Scenario } from "./scenario.ts";
import { soak } from "./soak.ts";
import { upgrade } from "./upgrade.ts";

export type { Scenario, ScenarioOptions } from "./scenario.ts";

export const scenarios: ReadonlyMap<string, Scenario> = new Map(
  [brokers, scale, soak, upgrade, restore, unsettled].map((scenario) => [scenario.name, scenario]),
);
