/** What a reader of the API's description should know first. */
import { largestUrgentBatch } from "./decide.ts";
import { otpDefaults } from "./limits/otp-guard.ts";
import { defaultRequestsPerS } from "./limits/request-rate.ts";

export const about = [
  `Requests: each key may make ${defaultRequestsPerS} per second, or as many as its plan says, and twice that at once; a batch is ` +
    "one request. What is left stands in the headers RateLimit and RateLimit-Policy; beyond it 429 rate_limited with Retry-After. " +
    "Should Redis be away, each process lets through its share of that rate on its own account, and one-time passwords pass unchecked.",
  "Messages that wait: when as many wait as the plan's max_queued says, 429 queue_full with an estimate in Retry-After; a batch " +
    "enters whole or not at all. The otp lane has room of its own, a tenth of it. The count is a second or some behind. A batch of " +
    `more than ${largestUrgentBatch} messages travels on the bulk lane, which the plan must allow.`,
  `One-time passwords: ${otpDefaults.perRecipient} to one recipient and ${otpDefaults.perPrefix} to numbers that begin with the ` +
    "same seven digits, or as the plan says, at once and then evenly over ten minutes; in an hour twice as many to one recipient. " +
    "Beyond it 429 otp_limit, in a batch per item.",
  "Idempotency-Key, a quoted string: on every POST that makes something and has no name for it of its own. A repeat within 24 " +
    "hours gets the first answer; 409 while the first is under way, 422 with another body, 400 when it is malformed. Domain events " +
    "need none: source and id are one. Should Redis be away, a repeat still makes the same message, for eight days.",
].join("\n\n");
