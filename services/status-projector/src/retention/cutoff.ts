/** From when on a tenant's messages are kept. Pure. */

/** Longer than any topic that is folded keeps its records (30 days), so that nothing removed is told of once more. */
export const leastDays = 31;

const dayMs = 86_400_000;

/** `asked`: the tenant's own setting, if known. Never longer than the mesh allows, never shorter than the topics. Epoch ms. */
export function cutoffOf(asked: number | undefined, mostDays: number, nowMs: number): number {
  return nowMs - Math.max(leastDays, Math.min(asked ?? mostDays, mostDays)) * dayMs;
}
