/**
 * Numbers for tests: distinct, possible, and nobody's. In the North American plan 555-0100 to 555-0199 of every area code are
 * kept for fiction, so a test that is pointed at a live provider by mistake reaches no person. Pure.
 */

const perArea = 100;
/** Area codes N[0-8]N: the first digit 2 to 9, the middle one never 9. */
const areas = Array.from({ length: 800 }, (_, i) => 200 + i).filter(
  (area) => Math.floor(area / 10) % 10 !== 9,
);

/** 72,000: a broadcast of 50,000 fits. */
export const mostSampleNumbers = areas.length * perArea;

export function sampleNumbers(wanted: number): string[] {
  const count = Math.max(0, Math.min(Math.floor(wanted), mostSampleNumbers));
  // Across the areas first, so that a small sample looks like many places.
  return Array.from({ length: count }, (_, i) => {
    const area = areas[(i * 7) % areas.length]!;
    const line = 100 + Math.floor(i / areas.length);
    return `+1${area}5550${line}`;
  });
}

const names = ["Mara", "Jonas", "Amara", "Li", "Sofia", "Noah", "Aisha", "Mateo", "Priya", "Emil"];

/** A CSV as a user would upload it, with a variable to fill a template. */
export function sampleCsv(wanted: number): string {
  const rows = sampleNumbers(wanted).map((to, i) => `${to},${names[i % names.length]},sample-${i + 1}`);
  return `to,name,external_ref\n${rows.join("\n")}\n`;
}
