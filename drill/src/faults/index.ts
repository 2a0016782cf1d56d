/** All kinds of faults there are. */
import type { Fault } from "./field.ts";
import { groupFaults } from "./groups.ts";
import { processFaults } from "./processes.ts";
import { providerFaults } from "./provider.ts";
import { recordFaults } from "./records.ts";
import { serverFaults } from "./servers.ts";

export type { Fault, Field } from "./field.ts";

export const faults: ReadonlyMap<string, Fault> = new Map(
  [...processFaults, ...serverFaults, ...groupFaults, ...providerFaults, ...recordFaults].map((fault) => [
    fault.kind,
    fault,
  ]),
);
