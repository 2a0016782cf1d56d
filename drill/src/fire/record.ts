/** What a fire drill saw, as it is written down. */
import type { Fire, Softened } from "./fire.ts";
import type { EmptyPanel } from "./panels.ts";

export type Burnt = {
  fire: string;
  alert: string;
  severity: string;
  /** From the fault to Alertmanager; null when it did not come in time. */
  fired_after_s: number | null;
  /** From the fault's end until Alertmanager held it no more; null when it stayed. */
  cleared_after_s: number | null;
  /** Others that fired meanwhile, as `name severity`. */
  beside: readonly string[];
};

export type Record_ = {
  /** YYYY-MM-DD. */
  as_of: string;
  cores: number;
  /** The rules' windows and patience were divided by this. */
  factor: number;
  softened: readonly Softened[];
  panels: { asked: number; empty: readonly EmptyPanel[] };
  /** In words. */
  broken_rules: readonly string[];
  pages_without_fault: readonly string[];
  alerts: readonly Burnt[];
};

export type Times = Pick<Burnt, "fired_after_s" | "cleared_after_s">;

/** A row for each of a fire's alerts. */
export function burntOf(fire: Fire, beside: readonly string[], timesOf: (name: string) => Times): Burnt[] {
  return fire.alerts.map((name) => {
    const [alert, severity] = name.split(" ") as [string, string];
    return { fire: fire.name, alert, severity, ...timesOf(name), beside };
  });
}

/** What did not fire, or did not end. */
export function missedOf(burnt: readonly Burnt[]): Burnt[] {
  return burnt.filter(
    ({ fired_after_s, cleared_after_s }) => fired_after_s === null || cleared_after_s === null,
  );
}
