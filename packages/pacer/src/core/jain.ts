/** Jain's index of fairness: 1 when all get the same, 1/n when one of n gets everything. Null for nobody. */
export function jain(shares: readonly number[]): number | null {
  const sum = shares.reduce((a, b) => a + b, 0);
  const squares = shares.reduce((a, b) => a + b * b, 0);
  return squares === 0 ? null : (sum * sum) / (shares.length * squares);
}
