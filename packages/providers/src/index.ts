/**
 * The only code that knows a provider's words. Sends: createSender gives every send one of three ends. Callbacks: verify the
 * raw bytes, splitCallback into items that can be produced, parseCallback where they are understood.
 */
export type * from "./callback.ts";
export { cloudApiErrors } from "./cloud-api/errors.ts";
export { verifyCloudApiSignature } from "./cloud-api/signature.ts";
export { type CloudOnboarding, createCloudOnboarding } from "./create-cloud-onboarding.ts";
export { createSender, type SenderOptions } from "./create-sender.ts";
export {
  createWasenderAccount,
  type ListedSession,
  type ManagedSession,
  type WantedSession,
  type WasenderAccount,
} from "./create-wasender-account.ts";
export type { ErrorRow, ErrorTable } from "./error-table.ts";
export { signatureBytes, sniff } from "./file-signatures.ts";
export {
  createLookUp,
  type LoggedMessage,
  type LookUp,
  type LookUpAnswer,
  lookUpLimits,
  type MessageInfo,
  type MessageLog,
} from "./look-up.ts";
export type { Managed, Refusal } from "./managed.ts";
export { addressedAs, canonicalDigits } from "./match-key.ts";
export { createMediaClient, type MediaClient, type MediaFile, type Uploaded } from "./media-client.ts";
export { mediaLimits, mimeTypeOf, refuseType } from "./media-limits.ts";
export { type PairLimit, pairLimits } from "./pair-limits.ts";
export { createProber, type Found, type ProbedStatus, type Prober } from "./prober.ts";
export { parseCallback, splitCallback } from "./read-callback.ts";
export {
  createReadMarker,
  type Marked,
  type ReadMarker,
  type ReceivedMessage,
} from "./read-mark.ts";
export { readMarksPerMinute } from "./read-mark-limits.ts";
export { type ReasonCode as ProviderReasonCode, reasonFaults } from "./reasons.ts";
export type * from "./send.ts";
export * from "./template-client.ts";
export { wasenderErrors } from "./wasender/answer.ts";
export { type CallbackPepper, hashCallbackSecret, verifyWasenderSecret } from "./wasender/secret.ts";
