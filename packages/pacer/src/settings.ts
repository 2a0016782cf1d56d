/** Defaults of the queue; each has a reason, and tests shorten some. */

export const defaultSettings = {
  /** A lease is written for this long … */
  leaseMs: 10_000,
  /** … acted on for this long after the renewal was asked for, by the monotonic clock, … */
  leaseActMs: 7_000,
  /** … and renewed this often. */
  renewMs: 3_000,
  /** Between attempts to acquire a shard that another process still holds. */
  acquireRetryMs: 250,
  /** A send without an answer is unsure after this long, or when the lease ends, whichever is first. */
  sendDeadlineMs: 10_000,
  /** Claimed at once in this process: also the most that a crash can leave in doubt. */
  inFlight: 256,
  /** The part of `inFlight` that bulk may take. */
  bulkShare: 0.8,
  /** The part of `inFlight` that one tenant may take while others wait. */
  tenantShare: 0.25,
  /** In one member, so many standard items for one of bulk while both wait. */
  standardPerBulk: 19,
  /** Claims are taken this much before their slot: a few round trips to the database. */
  lookaheadMs: 100,
  /** A write up to this late keeps the cadence: timers tick in whole milliseconds. A judge of the pace must allow it. */
  catchUpMs: 20,
  /** Whether the user's send tells when its first byte left. Then the next write of a member waits for it, and counts from it. */
  confirmWrites: false,
  /** A claimed item that misses its slot by this much goes back to the queue. */
  slotLatenessMs: 1_000,
  /**
   * A member's next claims are taken when this part of the look-ahead is left, and then up to all of it: fewer and fuller
   * statements. 1 takes each as soon as it may. An otp never waits for it.
   */
  refillAtShare: 1,
  claimBatch: 100,
  outcomeBatch: 500,
  /** Ends wait this long for others to share their statement, its flush of the log and the publication that follows. */
  outcomeLingerMs: 0,
  /** The successors of conversations that moved on are looked up this often at most, unless a window is read anyway. */
  gateLingerMs: 0,
  publishBatch: 500,
  /** The watermark is saved this often; a crash publishes as much a second time, under the same event ids. */
  watermarkMs: 0,
  /** Events kept in memory for publication; beyond it they are read from the outbox again. */
  eventsInMemory: 5_000,
  pollMs: 1_000,
  maxAttempts: 5,
  retryBaseMs: 1_000,
  retryCapMs: 300_000,
  /** In doubt for this long, then the item's policy decides. */
  doubtMs: 120_000,
  /** A pause without a length of its own. */
  pauseMs: 30_000,
  /** A planned hand-over waits this long for sends in flight. */
  handOverMs: 1_500,
  /** A stop waits this long for sends in flight. */
  stopMs: 8_000,
  /** An admission waits this long for its shard. */
  ownWaitMs: 20_000,
  /** No statement and no publication is awaited for longer. */
  statementMs: 5_000,
};

export type PacerSettings = typeof defaultSettings;
