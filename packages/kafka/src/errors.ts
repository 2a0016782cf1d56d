/** The brokers did not acknowledge in time. The records may or may not have been written: repeat them with the same ids. */
export class BrokerUnavailable extends Error {
  /** When a repetition is worth it; for `Retry-After`. */
  readonly retryAfterMs: number;

  constructor(message: string, options: { retryAfterMs: number; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = "BrokerUnavailable";
    this.retryAfterMs = options.retryAfterMs;
  }
}
