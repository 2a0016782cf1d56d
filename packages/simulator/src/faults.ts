/** What an operator of the simulator asked to go wrong, and for whom. */
import { draws, type Plan, reversed, step } from "./choices.ts";

/** Faults of the send request itself; the first that matches decides the answer. */
export const REQUEST_FAULTS = [
  "timeout_but_sent",
  "timeout_not_sent",
  "reset_but_sent",
  "reset_mid_answer",
  "http_429",
  "http_5xx",
  "broken_body",
  "refused",
] as const;

/** Faults of a message's callbacks; all that match apply. */
export const PLAN_FAULTS = [
  "duplicate_callbacks",
  "reorder_callbacks",
  "late_callbacks",
  "early_callbacks",
  "failed_later",
] as const;

export const FAULT_KINDS = [...REQUEST_FAULTS, ...PLAN_FAULTS, "callback_outage"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export type RequestFault = (typeof REQUEST_FAULTS)[number];

export type FaultRequest = {
  kind: FaultKind;
  /** Absent parts match everything; `recipient` is digits. */
  match: { sender: string | null; recipient: string | null };
  /** How many times it strikes; null = until removed. */
  count: number | null;
  /** Share of the matching messages it strikes; null = all. */
  rate: number | null;
  /** late_callbacks: delay. */
  ms: number;
  /** http_429: seconds, or none told. */
  retryAfter: number | null;
  /** http_429, http_5xx and refused: HTTP status, or the provider's usual one. */
  status: number | null;
  /** http_5xx, broken_body and reset_mid_answer: whether the message went out all the same. */
  sent: boolean;
  /** failed_later and refused (Cloud API): the provider's code. */
  code: number;
};

export type Fault = FaultRequest & { id: number; applied: number };

/** Who is being struck: `key` and `nth` (which attempt at this message) make the choice repeatable. */
export type Target = { sender: string; recipient: string; key: string; nth: number };

export type Faults = {
  add(request: FaultRequest): Fault;
  remove(id: number): boolean;
  clear(): void;
  list(): readonly Fault[];
  /** The first matching fault of these kinds; it counts as applied. */
  take(kinds: readonly FaultKind[], target: Target): Fault | null;
  /** All matching faults of these kinds; they count as applied. */
  takeAll(kinds: readonly FaultKind[], target: Target): Fault[];
};

export function createFaults(seed: number): Faults {
  let faults: Fault[] = [];
  let nextId = 1;

  const strikes = (fault: Fault, target: Target): boolean => {
    if (fault.count !== null && fault.applied >= fault.count) return false;
    if (fault.match.sender !== null && fault.match.sender !== target.sender) return false;
    if (fault.match.recipient !== null && fault.match.recipient !== target.recipient) return false;
    if (fault.rate === null) return true;
    return draws(`${seed} fault ${fault.id} ${target.key} ${target.nth}`)() < fault.rate;
  };

  const takeAll = (kinds: readonly FaultKind[], target: Target): Fault[] => {
    if (faults.length === 0) return [];
    const struck = faults.filter((fault) => kinds.includes(fault.kind) && strikes(fault, target));
    for (const fault of struck) fault.applied++;
    return struck;
  };

  return {
    add(request) {
      const fault = { ...request, id: nextId++, applied: 0 };
      faults.push(fault);
      return fault;
    },
    remove(id) {
      const before = faults.length;
      faults = faults.filter((fault) => fault.id !== id);
      return faults.length < before;
    },
    clear() {
      faults = [];
    },
    list: () => faults,
    take(kinds, target) {
      const fault = faults.find((f) => kinds.includes(f.kind) && strikes(f, target)) ?? null;
      if (fault !== null) fault.applied++;
      return fault;
    },
    takeAll,
  };
}

/** The plan as the faults of its callbacks leave it. */
export function bend(plan: Plan, faults: readonly Fault[]): Plan {
  let { steps, duplicate, early, failCode } = plan;
  for (const fault of faults) {
    switch (fault.kind) {
      case "duplicate_callbacks":
        duplicate = true;
        break;
      case "reorder_callbacks":
        steps = reversed(steps);
        break;
      case "late_callbacks":
        steps = steps.map((s) => ({ ...s, callbackMs: s.callbackMs + fault.ms }));
        break;
      case "early_callbacks":
        early = true;
        break;
      case "failed_later":
        steps = [step("failed", steps[0]?.eventMs ?? 0)];
        failCode = fault.code;
        break;
    }
  }
  if (early) {
    const first = Math.min(...steps.map((s) => s.callbackMs));
    steps = steps.map((s) => (s.callbackMs === first ? { ...s, callbackMs: 0 } : s));
  }
  return { answerMs: plan.answerMs, steps, duplicate, early, failCode };
}
