/** Settings of the dispatcher; see README.md for what they mean to an operator. */
import {
  address,
  credentialKeySettings,
  integer,
  kafkaSettings,
  postgresSettings,
  recipientTokenSettings,
  registrySettings,
  textOr,
} from "@wamesh/service";
import { z } from "zod";

export const settings = {
  ...kafkaSettings,
  ...registrySettings,
  ...postgresSettings,
  ...credentialKeySettings,
  ...recipientTokenSettings,
  cloudApiUrl: address(["http", "https"], {
    about: "origin of Meta's Graph API",
    fallback: "https://graph.facebook.com",
  }),
  cloudApiVersion: textOr("v25.0", { about: "Graph API version in the path" }),
  wasenderUrl: address(["http", "https"], {
    about: "base of WasenderApi",
    fallback: "https://www.wasenderapi.com/api",
  }),
  windowGate: z.enum(["on", "off"]).default("on").meta({
    description:
      "whether messages that the provider takes within 24 hours only are kept back outside of them",
  }),
  doubtResolveS: integer({
    min: 1,
    max: 86_400,
    fallback: 120,
    about: "seconds after which the doubt policy decides",
  }),
  mediaAllow: textOr("", {
    about:
      "inner addresses that files may be fetched from, as CIDR[:port], separated by commas; default none",
    example: "10.0.0.0/8:9000",
  }),
  mediaMaxMb: integer({
    min: 1,
    max: 100,
    fallback: 16,
    about: "largest file that is uploaded, in megabytes",
  }),
  inFlight: integer({ min: 1, max: 4096, fallback: 256, about: "sends in flight at once in this process" }),
};
