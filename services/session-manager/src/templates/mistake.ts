/** What is wrong with a template, for its author. */
export type Mistake = {
  /** Dotted path in the request, for example `components.1.text`. */
  field: string;
  problem: string;
  remedy: string;
};

/** `field` relative to where the check stands. */
export type Report = (field: string, problem: string, remedy: string) => void;

/** Reports of a part as of where it stands in the whole. */
export function within(report: Report, place: string): Report {
  return (field, problem, remedy) => report(field === "" ? place : `${place}.${field}`, problem, remedy);
}
