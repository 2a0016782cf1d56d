/** The steps by which a Cloud API number joins, in their order. Pure. */

/** Each can be tried again: what is done already is done again with the same end. */
export const onboardingSteps = ["rights", "subscribe", "register"] as const;
export type OnboardingStep = (typeof onboardingSteps)[number];

/** The one after it; null when it was the last. */
export function stepAfter(step: OnboardingStep): OnboardingStep | null {
  return onboardingSteps[onboardingSteps.indexOf(step) + 1] ?? null;
}

export function isStep(text: string): text is OnboardingStep {
  return onboardingSteps.some((step) => step === text);
}

export type Progress = "done" | "under way" | "stopped" | "to come";

/** How far a number is. `at`: the step of its errand, null when there is none any more. */
export function progressOf(
  at: string | null,
  stopped: boolean,
): { step: OnboardingStep; progress: Progress }[] {
  const now = at !== null && isStep(at) ? onboardingSteps.indexOf(at) : onboardingSteps.length;
  return onboardingSteps.map((step, index) => ({
    step,
    progress: index < now ? "done" : index > now ? "to come" : stopped ? "stopped" : "under way",
  }));
}
