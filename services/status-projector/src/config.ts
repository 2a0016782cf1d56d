/** Settings of the status-projector, WAMESH_*; README.md lists what they mean. */
import {
  httpSettings,
  kafkaSettings,
  keyPepperSettings,
  postgresSettings,
  registrySettings,
  someOf,
  textOr,
} from "@wamesh/service";

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
};
