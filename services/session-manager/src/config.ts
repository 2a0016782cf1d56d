import {
  address,
  callbackPepperSettings,
  credentialKeySettings,
  httpSettings,
  kafkaSettings,
  keyPepperSettings,
  optionalText,
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
  // The router's own list. `app_id` alone will do where nobody signs up: only then the secret is needed here.
  metaApps: textOr("", { about: "" })
    .transform((text) =>
      text
        .split(",")
        .flatMap((part) => part.trim() || [])
        .map((app) => {
          const [id, appSecret] = app.split(":");
          return { id: id!, secret: appSecret || null };
        }),
    )
    .meta({
      description:
        "Meta apps, app_id or app_id:…; new numbers report to the first. None: no Cloud API sessions",
      example: "1234567890",
      secret: true,
    }),
  metaSignupConfig: optionalText({
    about: "Embedded Signup: id of the configuration at Meta; without it no number joins by link",
  }),
  cloudApiUrl: address(["http", "https"], { about: "Cloud API", fallback: "https://graph.facebook.com" }),
  cloudApiVersion: textOr("v25.0", { about: "version of the Cloud API" }),
  wasenderUrl: address(["http", "https"], {
    about: "WasenderApi",
    fallback: "https://www.wasenderapi.com/api",
  }),
};
