/** Settings of the webhook-router; see README.md for what they mean to an operator. */
import {
  callbackPepperSettings,
  httpSettings,
  integer,
  kafkaSettings,
  keyPepperSettings,
  keyRing,
  postgresSettings,
  recipientTokenSettings,
  registrySettings,
  someOf,
  textOr,
} from "@wamesh/service";

export const settings = {
  ...kafkaSettings,
  ...registrySettings,
  ...postgresSettings,
  ...httpSettings,
  ...keyPepperSettings,
  ...recipientTokenSettings,
  ...callbackPepperSettings,
  roles: someOf(["receiver", "worker"], {
    about: "receiver takes callbacks of providers in, worker does all else",
  }),
  metaApps: textOr("", {
    about: "Meta apps as id:secret:verify token, separated by commas; none: no Cloud API callbacks",
    secret: true,
  }),
  endpointKeys: keyRing({
    about: "ring id:key that seals endpoints' signing secrets; 32 bytes in base64",
    example: "2026-11:…",
  }),
  webhookAllow: textOr("", {
    about: "inner addresses that webhooks may reach, as CIDR[:port], separated by commas; default none",
    example: "10.0.0.0/8:8080",
  }),
  deliveriesInFlight: integer({
    min: 1,
    max: 4096,
    fallback: 256,
    about: "webhook deliveries at once in this process",
  }),
};
