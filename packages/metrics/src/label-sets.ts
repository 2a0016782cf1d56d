/** Label values that are known before anything happened, so that their series can begin at zero. Pure. */

export type LabelSet = Readonly<Record<string, string>>;

/** Each value with each of the others. */
export function everyOf(values: Readonly<Record<string, readonly string[]>>): LabelSet[] {
  return Object.entries(values).reduce<LabelSet[]>(
    (sets, [label, all]) => sets.flatMap((set) => all.map((value) => ({ ...set, [label]: value }))),
    [{}],
  );
}

export const providers = ["cloud_api", "wasender"] as const;
export const lanes = ["otp", "standard", "bulk"] as const;
