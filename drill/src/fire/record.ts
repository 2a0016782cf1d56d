/** What a fire drill saw, as it is written down. */
import type { Fire, Softened } from "./fire.ts";
import type { EmptyPanel } from "./panels.ts";

export type Seen = {
  /** YYYY-MM-DD. */
  as_of: string;
  fire: string;
  alert: string;
  severity: string;
  /** From the fault to Alertmanager; null when it did not come in time. */
  fired_after_s: number | null;
  /** From the fault's end until Alertmanager held it no more; null when it stayed. */
  cleared_after_s: number | null;
};

export type Burnt = Seen & {
  /** Others that fired meanwhile, as `name severity`. */
  beside: readonly string[];
};

export type Record_ = {
  cores: number;
  /** The rules' windows and patience were divided by this. */
  factor: number;
  softened: readonly Softened[];
  panels: { asked: number; empty: readonly EmptyPanel[] };
  /** In words. */
  broken_rules: readonly string[];
  pages_without_fault: readonly string[];
  alerts: readonly Seen[];
};

export const today = () => new Date().toISOString().slice(0, 10);

export type Times = Pick<Seen, "fired_after_s" | "cleared_after_s">;

/** A row for each of a fire's alerts. */
export function burntOf(
  fire: Fire,
  seen: { as_of: string; beside: readonly string[] },
  timesOf: (name: string) => Times,
): Burnt[] {
  return fire.alerts.map((name) => {
    const [alert, severity] = name.split(" ") as [string, string];
    return { fire: fire.name, alert, severity, ...timesOf(name), ...seen };
  });
}

/** What was seen before of fires that were not lit this time stays. In the fires' order. */
export function mergedWith(before: Record_ | null, now: Record_, fires: readonly Fire[]): Record_ {
  const lit = new Set(now.alerts.map(({ fire }) => fire));
  const kept = (before?.alerts ?? []).filter(({ fire }) => !lit.has(fire));
  const all = [...kept, ...now.alerts];
  return { ...now, alerts: fires.flatMap(({ name }) => all.filter(({ fire }) => fire === name)) };
}

/** What did not fire, or did not end. */
export function missedOf(alerts: readonly Seen[]): Seen[] {
  return alerts.filter(
    ({ fired_after_s, cleared_after_s }) => fired_after_s === null || cleared_after_s === null,
  );
}
