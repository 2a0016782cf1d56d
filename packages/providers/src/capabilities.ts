/** Limits and habits of each provider; which content it carries stands at ingest's door. Facts of the outside world as of 2026-11-20. */
import type { ProviderName, Recipient } from "./send.ts";

export type Capabilities = {
  recipients: Record<Recipient["kind"], boolean>;
  /** Its receipts repeat message id and claim; else own messages are matched by recipient and text. */
  echo: boolean;
  /** Which messages can be answered: any, or only those sent through the API (WasenderApi wants its own msgId). */
  replyTo: "any" | "own_sent";
  limits: {
    textChars: number;
    /** What a number may send by default. */
    rate: { count: number; perMs: number };
    /** One message per interval to one person, `burst` at once borrowed from the future. */
    pair: { intervalMs: number; burst: number } | null;
  };
};

export const capabilities: Record<ProviderName, Capabilities> = {
  cloud_api: {
    recipients: { phone: true, bsuid: true, group: true, channel: false },
    echo: true,
    replyTo: "any",
    limits: {
      textChars: 4096,
      rate: { count: 80, perMs: 1000 },
      pair: { intervalMs: 6000, burst: 45 },
    },
  },
  wasender: {
    recipients: { phone: true, bsuid: false, group: true, channel: true },
    echo: false,
    replyTo: "own_sent",
    limits: {
      // The vendor documents none; the Cloud API's keeps a text portable.
      textChars: 4096,
      // With account protection it is 1 per 5 s, which the session's own setting says.
      rate: { count: 256, perMs: 60_000 },
      pair: null,
    },
  },
};
