/** Settings of the status-projector, WAMESH_*; README.md lists what they mean. */
import {
  httpSettings,
  integer,
  kafkaSettings,
  keyPepperSettings,
  postgresSettings,
  registrySettings,
  someOf,
  textOr,
} from "@wamesh/service";

/** Each takes about 1.6 kB of /metrics, which is to stay below 2 MB. */
export const mostNamed = 1_000;

export const settings = {
  ...httpSettings,
  ...kafkaSettings,
  ...registrySettings,
  ...postgresSettings,
  ...keyPepperSettings,
  roles: someOf(["fold", "query", "usage"], {
    about:
      "what this process does: fold turns topics into rows, query answers HTTP, usage tells wa.usage what was used",
  }),
  schema: textOr("projection", {
    about: "database schema; another one is filled from the topics' beginning, beside the first",
  }),
  consoleDir: textOr("../../console/dist", {
    about: "folder of the console's files; relative to the service's own",
  }),
  streams: integer({
    about: "live streams open at once in this process",
    min: 0,
    max: 100_000,
    fallback: 2_000,
  }),
  tenantSeriesMax: integer({
    about: "tenants with metrics of their own, the busiest first; all others share one series",
    min: 0,
    max: mostNamed,
    fallback: 200,
  }),
  streamsPerTenant: integer({ about: "of those, of one tenant", min: 0, max: 100_000, fallback: 250 }),
};
