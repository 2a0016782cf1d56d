import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CampaignPhase, type Command, type Standing, transition } from "./transition.ts";

const nowMs = 1_000;

function standing(over: Partial<Standing> = {}): Standing {
  return {
    state: "processing",
    reason: null,
    run: 1,
    sendAt: null,
    stopOn: null,
    isExpanded: true,
    expanded: 100,
    ended: 0,
    failed: 0,
    endedBefore: 0,
    judgedEnded: 0,
    judgedFailed: 0,
    retryable: 0,
    ...over,
  };
}

const phases: CampaignPhase[] = [
  "draft",
  "scheduled",
  "expanding",
  "processing",
  "paused",
  "completed",
  "cancelled",
];

/** "→ state", "same" or "refused", for each state in the order above. */
function outcomes(command: Command, over: Partial<Standing> = {}): string[] {
  return phases.map((state) => {
    const done = transition(standing({ ...over, state }), command, nowMs);
    return done.kind === "moved" ? `→ ${done.to.state}` : done.kind === "unchanged" ? "same" : "refused";
  });
}

describe("a command in each state (draft, scheduled, expanding, processing, paused, completed, cancelled)", () => {
  test.each<[string, Command, string[]]>([
    [
      "start",
      { kind: "start", at: null },
      ["→ expanding", "→ expanding", "same", "same", "refused", "refused", "refused"],
    ],
    [
      "start later",
      { kind: "start", at: nowMs + 1 },
      ["→ scheduled", "→ scheduled", "same", "same", "refused", "refused", "refused"],
    ],
    [
      "pause",
      { kind: "pause" },
      ["refused", "refused", "→ paused", "→ paused", "same", "refused", "refused"],
    ],
    [
      "resume",
      { kind: "resume" },
      ["refused", "refused", "same", "same", "→ processing", "refused", "refused"],
    ],
    [
      "cancel",
      { kind: "cancel" },
      ["→ cancelled", "→ cancelled", "→ cancelled", "→ cancelled", "→ cancelled", "refused", "same"],
    ],
    [
      "retry",
      { kind: "retry_failed" },
      ["refused", "refused", "refused", "refused", "refused", "refused", "refused"],
    ],
  ])("%s", (_name, command, expected) => expect(outcomes(command)).toEqual(expected));
});

test("one that was paused before all its messages were made goes on making them", () => {
  const paused = standing({ state: "paused", isExpanded: false });
  expect(transition(paused, { kind: "resume" }, nowMs)).toMatchObject({ to: { state: "expanding" } });
});

test("a scheduled one begins when it is due and not before, and waits for a person where its list is gone", () => {
  const scheduled = standing({ state: "scheduled", sendAt: nowMs, isExpanded: false });
  expect(transition(scheduled, { kind: "due", audience: true }, nowMs - 1).kind).toBe("unchanged");
  expect(transition(scheduled, { kind: "due", audience: true }, nowMs)).toMatchObject({
    to: { state: "expanding" },
  });
  expect(transition(scheduled, { kind: "due", audience: false }, nowMs)).toMatchObject({
    to: { state: "paused", reason: "audience_failed" },
  });
});

test("a draft with a time of its own is scheduled by its start", () => {
  const draft = standing({ state: "draft", sendAt: nowMs + 5 });
  expect(transition(draft, { kind: "start", at: null }, nowMs)).toMatchObject({ to: { state: "scheduled" } });
});

describe("what has ended", () => {
  const after = (over: Partial<Standing>) => {
    const done = transition(standing(over), { kind: "progress" }, nowMs);
    return done.kind === "moved" ? [done.to.state, done.to.reason] : done.kind;
  };
  const stopOn = { failure_ratio: 0.1, after: 20 };

  test("completes it when nothing is left, and not while some are still being made", () => {
    expect(after({ ended: 99 })).toBe("unchanged");
    expect(after({ ended: 100 })).toEqual(["completed", null]);
    expect(after({ ended: 100, state: "expanding", isExpanded: false })).toBe("unchanged");
    expect(after({ run: 2, expanded: 5, endedBefore: 100, ended: 104 })).toBe("unchanged");
    expect(after({ run: 2, expanded: 5, endedBefore: 100, ended: 105 })).toEqual(["completed", null]);
  });

  test("pauses it when too many failed, of enough", () => {
    expect(after({ stopOn, ended: 19, failed: 19 })).toBe("unchanged");
    expect(after({ stopOn, ended: 20, failed: 2 })).toBe("unchanged");
    expect(after({ stopOn, ended: 20, failed: 3 })).toEqual(["paused", "error_rate"]);
    expect(after({ stopOn, ended: 20, failed: 3, state: "expanding", isExpanded: false })).toEqual([
      "paused",
      "error_rate",
    ]);
  });

  test("counts failures anew once a person has resumed it", () => {
    const paused = standing({ state: "paused", stopOn, ended: 40, failed: 20 });
    const resumed = transition(paused, { kind: "resume" }, nowMs);
    expect(resumed.kind === "moved" && after({ ...paused, ...resumed.to, ended: 59, failed: 21 })).toBe(
      "unchanged",
    );
  });
});

test("those that failed are tried again in the next run, with counts of its own", () => {
  const completed = standing({ state: "completed", ended: 100, failed: 7, retryable: 7 });
  expect(transition(completed, { kind: "retry_failed" }, nowMs)).toMatchObject({
    to: { state: "expanding", run: 2, expanded: 0, isExpanded: false, endedBefore: 100, judgedFailed: 7 },
  });
});

test("no command revives what has ended, but a retry of what completed, whatever comes in whatever order", () => {
  const command = fc.constantFrom<Command>(
    { kind: "start", at: null },
    { kind: "start", at: nowMs + 9 },
    { kind: "pause" },
    { kind: "resume" },
    { kind: "cancel" },
    { kind: "due", audience: true },
    { kind: "expanded" },
    { kind: "progress" },
  );
  fc.assert(
    fc.property(fc.array(command), fc.boolean(), (commands, isCancelled) => {
      let now = standing({ state: isCancelled ? "cancelled" : "completed", ended: 100 });
      for (const one of commands) {
        const done = transition(now, one, nowMs);
        if (done.kind === "moved") now = { ...now, ...done.to };
      }
      // A completed one stays so; cancelling it is refused.
      expect(now.state).toBe(isCancelled ? "cancelled" : "completed");
    }),
  );
});
