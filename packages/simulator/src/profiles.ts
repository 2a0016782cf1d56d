/** How fast and how tidy the imitated providers are. Data only; `real` follows the providers' reference, as of 2026-09. */

/** Milliseconds, drawn per message. */
export type Spread =
  | { kind: "uniform"; from: number; to: number }
  | { kind: "lognormal"; median: number; p99: number };

export type Pace = {
  /** From the request to the HTTP answer. */
  answer: Spread;
  /** From acceptance to `sent`, from there to `delivered`, from there to `read`. */
  sent: Spread;
  delivered: Spread;
  read: Spread;
  /** Share of messages that are ever read. */
  readFraction: number;
  /** Share of the read ones that were read at once, so that `delivered` never comes. */
  skipDelivered: number;
  /** Shares of messages whose callbacks come twice, in the wrong order, or before the HTTP answer. */
  duplicate: number;
  reorder: number;
  early: number;
};

export type Profile = {
  cloudApi: Pace;
  wasender: Pace;
  /** How often a WasenderApi callback is tried again: nothing is promised by the vendor. */
  wasenderRetries: number;
  /** After `connect`, somebody scans the QR code by themselves after this time; null = only through the control API. */
  scanAfterMs: number | null;
  /** Free text outside the 24-hour window fails with 131047, as at Meta. */
  customerWindow: boolean;
  /** How long Cloud API updates are collected into one POST. */
  batchMs: number;
  /** From the submission of a template to the end of its review. */
  templateReviewMs: number;
};

export type ProfileName = "demo" | "real" | "instant";

const flat = (ms: number): Spread => ({ kind: "uniform", from: ms, to: ms });
const tidy = { readFraction: 1, skipDelivered: 0, duplicate: 0, reorder: 0, early: 0 };

// 20 + 100 + 700 + 1800 ms at most, + 50 ms of batching: every receipt within 3 s.
const demoPace: Pace = {
  answer: { kind: "uniform", from: 5, to: 20 },
  sent: { kind: "uniform", from: 20, to: 100 },
  delivered: { kind: "uniform", from: 100, to: 700 },
  read: { kind: "uniform", from: 200, to: 1_800 },
  ...tidy,
};

const instantPace: Pace = { answer: flat(0), sent: flat(0), delivered: flat(1), read: flat(1), ...tidy };

export const PROFILES: Record<ProfileName, Profile> = {
  demo: {
    cloudApi: demoPace,
    wasender: demoPace,
    wasenderRetries: 3,
    scanAfterMs: 500,
    customerWindow: false,
    batchMs: 50,
    templateReviewMs: 1_000,
  },
  real: {
    cloudApi: {
      answer: { kind: "lognormal", median: 120, p99: 800 },
      sent: { kind: "lognormal", median: 400, p99: 2_000 },
      delivered: { kind: "lognormal", median: 1_200, p99: 5_000 },
      read: { kind: "lognormal", median: 90_000, p99: 3_600_000 },
      readFraction: 0.6,
      skipDelivered: 0.1,
      duplicate: 0.01,
      reorder: 0.02,
      early: 0.005,
    },
    wasender: {
      answer: { kind: "lognormal", median: 200, p99: 1_500 },
      sent: { kind: "uniform", from: 1_000, to: 5_000 },
      delivered: { kind: "lognormal", median: 1_500, p99: 10_000 },
      read: { kind: "lognormal", median: 60_000, p99: 3_600_000 },
      readFraction: 0.7,
      skipDelivered: 0.1,
      duplicate: 0.02,
      reorder: 0.02,
      early: 0.005,
    },
    wasenderRetries: 0,
    scanAfterMs: null,
    customerWindow: true,
    batchMs: 50,
    templateReviewMs: 300_000,
  },
  instant: {
    cloudApi: instantPace,
    wasender: instantPace,
    wasenderRetries: 3,
    scanAfterMs: 0,
    customerWindow: false,
    batchMs: 50,
    templateReviewMs: 0,
  },
};
