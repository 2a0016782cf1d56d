/** The life of a campaign: what a command, or what has happened, makes of where it stands. Pure. */
export type CampaignPhase =
  | "draft"
  | "scheduled"
  | "expanding"
  | "processing"
  | "paused"
  | "completed"
  | "cancelled";

export type Standing = {
  state: CampaignPhase;
  /** Why it stands so where nobody decided it: error_rate, audience_failed. */
  reason: string | null;
  run: number;
  /** Epoch ms. */
  sendAt: number | null;
  stopOn: { failure_ratio: number; after: number } | null;
  /** Whether the run has made all its messages. */
  isExpanded: boolean;
  /** Messages made by this run. */
  expanded: number;
  /** Over all runs: messages of which nothing more is to come, and those of them that failed. */
  ended: number;
  failed: number;
  /** `ended` when this run began. */
  endedBefore: number;
  /** `ended` and `failed` from where on the error rate counts. */
  judgedEnded: number;
  judgedFailed: number;
  /** Failed or expired, and not made again yet. */
  retryable: number;
};

export type Command =
  | { kind: "start"; at: number | null }
  | { kind: "pause" }
  | { kind: "resume" }
  | { kind: "cancel" }
  | { kind: "retry_failed" }
  /** The time of a scheduled one has come; `audience`: whether its list can be read. */
  | { kind: "due"; audience: boolean }
  /** The run has made all its messages. */
  | { kind: "expanded" }
  /** Some messages have ended. */
  | { kind: "progress" };

export type Transition =
  | { kind: "moved"; to: Partial<Standing> & { state: CampaignPhase } }
  | { kind: "unchanged" }
  | { kind: "refused"; problem: string; remedy: string };

const unchanged: Transition = { kind: "unchanged" };

export function transition(now: Standing, command: Command, nowMs: number): Transition {
  switch (command.kind) {
    case "start":
      return start(now, command.at, nowMs);
    case "pause":
      return pause(now);
    case "resume":
      return now.state === "paused"
        ? move({
            state: now.isExpanded ? "processing" : "expanding",
            reason: null,
            judgedEnded: now.ended,
            judgedFailed: now.failed,
          })
        : alreadyRuns(now, `It is ${now.state}, not paused.`);
    case "cancel":
      if (now.state === "cancelled") return unchanged;
      return now.state === "completed"
        ? refuse("It is completed: nothing of it is left to cancel.", "Nothing needs to be done.")
        : move({ state: "cancelled", reason: null });
    case "retry_failed":
      return retry(now);
    case "due":
      if (now.state !== "scheduled" || now.sendAt === null || now.sendAt > nowMs) return unchanged;
      return command.audience
        ? move({ state: "expanding", reason: null })
        : move({ state: "paused", reason: "audience_failed" });
    case "expanded":
      // Also of one that was paused or cancelled meanwhile: nothing is left to make.
      return now.state === "expanding"
        ? move({ state: "processing", isExpanded: true })
        : move({ state: now.state, isExpanded: true });
    case "progress":
      return progress(now);
  }
}

function start(now: Standing, at: number | null, nowMs: number): Transition {
  const sendAt = at ?? (now.state === "draft" ? now.sendAt : null);
  if (now.state === "draft" || now.state === "scheduled")
    return sendAt !== null && sendAt > nowMs
      ? move({ state: "scheduled", sendAt, reason: null })
      : move({ state: "expanding", sendAt, reason: null });
  if (now.state === "paused") return refuse("It is paused.", "Resume it.");
  return alreadyRuns(now, `It is ${now.state}.`);
}

function pause(now: Standing): Transition {
  switch (now.state) {
    case "paused":
      return unchanged;
    case "expanding":
    case "processing":
      return move({ state: "paused", reason: null });
    default:
      return refuse(
        `It is ${now.state}: nothing of it is leaving.`,
        "Only a campaign that runs can be paused.",
      );
  }
}

/** What it is told to do, it does already. */
function alreadyRuns({ state }: Standing, problem: string): Transition {
  return state === "expanding" || state === "processing"
    ? unchanged
    : refuse(problem, "Read its state, and make a new campaign where this one has ended.");
}

function retry(now: Standing): Transition {
  if (now.state !== "completed")
    return refuse(`It is ${now.state}.`, "Wait until it is completed, then retry those that failed.");
  if (now.retryable === 0)
    return refuse("None of its messages failed or expired.", "Nothing needs to be done.");
  return move({
    state: "expanding",
    reason: null,
    run: now.run + 1,
    isExpanded: false,
    expanded: 0,
    endedBefore: now.ended,
    judgedEnded: now.ended,
    judgedFailed: now.failed,
  });
}

/** More may have ended than were made, since a run's end may be told before its own count is written. */
function progress(now: Standing): Transition {
  if (now.state !== "expanding" && now.state !== "processing") return unchanged;
  if (now.state === "processing" && now.ended - now.endedBefore >= now.expanded)
    return move({ state: "completed", reason: null });
  const ended = now.ended - now.judgedEnded;
  const failed = now.failed - now.judgedFailed;
  return now.stopOn !== null && ended >= now.stopOn.after && failed > ended * now.stopOn.failure_ratio
    ? move({ state: "paused", reason: "error_rate" })
    : unchanged;
}

function move(to: Partial<Standing> & { state: CampaignPhase }): Transition {
  return { kind: "moved", to };
}

function refuse(problem: string, remedy: string): Transition {
  return { kind: "refused", problem, remedy };
}
