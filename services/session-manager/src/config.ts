import {
  address,
  callbackPepperSettings,
  credentialKeySettings,
  httpSettings,
  kafkaSettings,
  keyPepperSettings,
  list,
  postgresSettings,
  publicOriginSettings,
  registrySettings,
  textOr,
} from "@wamesh/service";
import { z } from "zod";
import { readKey } from "./key-material.ts";

export const settings = {
  ...kafkaSettings,
  ...registrySettings,
  ...postgresSettings,
  ...httpSettings,
  ...publicOriginSettings,
  ...keyPepperSettings,
  ...credentialKeySettings,
  ...callbackPepperSettings,
  operatorKey: z
    .string()
    .transform((value, context) => {
      const key = readKey(value);
      if (key !== null) return key;
      context.addIssue({
        code: "custom",
        message: "is wam_<id>_<secret>: an id of 12 lower-case letters and digits, a secret of at least 32",
      });
      return z.NEVER;
    })
    .meta({
      description: "first operator key, whole; ensured at start unless it was revoked",
      example: "wam_operator0000_…",
      secret: true,
    }),
  // The router's own list, of which only the ids matter here, so `app_id` alone will do.
  metaApps: list({ about: "" })
    .transform((apps) => apps.map((app) => app.split(":")[0]!))
    .meta({
      description: "Meta apps, app_id or app_id:…; new numbers report to the first",
      example: "1234567890",
      secret: true,
    }),
  cloudApiUrl: address(["http", "https"], { about: "Cloud API", fallback: "https://graph.facebook.com" }),
  cloudApiVersion: textOr("v25.0", { about: "version of the Cloud API" }),
  wasenderUrl: address(["http", "https"], {
    about: "WasenderApi",
    fallback: "https://www.wasenderapi.com/api",
  }),
};
