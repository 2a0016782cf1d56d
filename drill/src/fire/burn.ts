/** One fault after the other: lit, seen at Alertmanager, put out, seen to be over. */
import { until } from "@wamesh/testing/until";
import type { Fire, Ground } from "./fire.ts";
import type { FiringAlert, Monitoring } from "./monitoring.ts";
import { type Burnt, burntOf, today } from "./record.ts";

const patienceMs = 120_000;
const nameOf = ({ alert, severity }: FiringAlert) => `${alert} ${severity}`;

/** Waits first until none of the fire's alerts is left from the one before. */
export async function burn(
  fire: Fire,
  monitoring: Pick<Monitoring, "firing">,
  ground: Ground,
): Promise<Burnt[]> {
  const wanted = new Map(
    fire.alerts.map((name) => [name, { fired: null as number | null, cleared: null as number | null }]),
  );
  const beside = new Set<string>();
  const now = async () => new Set((await monitoring.firing()).map(nameOf));
  await until(async () => [...(await now())].every((name) => !wanted.has(name)), {
    withinMs: patienceMs,
    everyMs: 500,
    what: `calm before ${fire.name}`,
  });

  ground.say(fire.cause);
  const lit = performance.now();
  // The moment of the first sight counts, also while the fault is still being made.
  let over = false;
  const watch = (async () => {
    while (
      !over &&
      [...wanted.values()].some(({ fired }) => fired === null) &&
      performance.now() - lit < patienceMs
    ) {
      const firing = await now().catch(() => new Set<string>());
      for (const name of firing) {
        const one = wanted.get(name);
        if (one === undefined) beside.add(name);
        else one.fired ??= (performance.now() - lit) / 1000;
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  })();
  try {
    const putOut = await fire.light(ground);
    await watch;
    const out = performance.now();
    await putOut();
    await until(
      async () => {
        const firing = await now();
        for (const [name, one] of wanted) {
          if (firing.has(name)) one.cleared = null;
          else one.cleared ??= (performance.now() - out) / 1000;
        }
        return [...wanted.keys()].every((name) => !firing.has(name));
      },
      { withinMs: patienceMs, everyMs: 250 },
    ).catch(() => {});
  } finally {
    over = true;
  }
  const rounded = (seconds: number) => Math.round(seconds * 10) / 10;
  return burntOf(fire, { as_of: today(), beside: [...beside].sort() }, (name) => {
    const { fired, cleared } = wanted.get(name)!;
    return {
      fired_after_s: fired === null ? null : rounded(fired),
      cleared_after_s: fired === null || cleared === null ? null : rounded(cleared),
    };
  });
}
