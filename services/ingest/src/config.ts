/** Settings of ingest, WAMESH_*; README.md lists what they mean. */
import {
  httpSettings,
  integer,
  kafkaSettings,
  keyPepperSettings,
  postgresSettings,
  recipientTokenSettings,
  redisSettings,
  registrySettings,
} from "@wamesh/service";
import { z } from "zod";

export const roles = ["api", "worker"] as const;
export type Role = (typeof roles)[number];

export const settings = {
  ...httpSettings,
  ...kafkaSettings,
  ...registrySettings,
  ...postgresSettings,
  ...redisSettings,
  ...keyPepperSettings,
  ...recipientTokenSettings,
  apiProcesses: integer({
    min: 1,
    max: 1_000,
    fallback: 1,
    about:
      "how many processes answer HTTP; while Redis is away each lets through its share of a key's requests",
  }),
  roles: z
    .string()
    .default("api,worker")
    .transform((text) => text.split(",").map((role) => role.trim()))
    .pipe(z.array(z.enum(roles, { error: `is a list of ${roles.join(", ")}` })).min(1))
    .meta({
      description: "what this process does: api answers HTTP, worker turns domain events into messages",
    }),
};
