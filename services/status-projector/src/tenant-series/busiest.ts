/** Which tenants have series of their own: the busiest of the last hour. Pure. */

export type Activity = { lastHour: number; ever: number };

/** A series that comes and goes is of no use: who has one keeps it until another is so many times as busy. */
const incumbency = 1.5;

export function busiest(
  tenants: ReadonlyMap<string, Activity>,
  before: ReadonlySet<string>,
  most: number,
): Set<string> {
  const weight = (tenant: string, messages: number) => messages * (before.has(tenant) ? incumbency : 1);
  return new Set(
    [...tenants]
      .map(([tenant, { lastHour, ever }]) => ({
        tenant,
        lastHour: weight(tenant, lastHour),
        // Where nobody is busy, as after a start: who was.
        ever: weight(tenant, ever),
      }))
      .sort((a, b) => b.lastHour - a.lastHour || b.ever - a.ever || (a.tenant < b.tenant ? -1 : 1))
      .slice(0, most)
      .map(({ tenant }) => tenant),
  );
}
