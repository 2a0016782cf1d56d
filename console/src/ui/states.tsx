/** What is shown when there is nothing to show: loading, empty, failed. */
import type { ComponentChildren } from "preact";
import type { Problem } from "../api/problem.ts";
import type { Loaded } from "../api/query.ts";
import type { Tone } from "../words/tone.ts";
import { Button } from "./button.tsx";

export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div class="skeleton-rows" aria-busy="true" role="status">
      <span class="visually-hidden">Loading</span>
      {Array.from({ length: rows }, (_, i) => (
        // Bars without identity.
        <span key={i} class="skeleton" />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Notice({
  tone = "info",
  title,
  children,
}: {
  tone?: Tone;
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="notice" data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** In the API's own words: what is wrong, and what to do. */
export function ProblemNotice({ problem, retry }: { problem: Problem | null; retry?: () => void }) {
  if (problem === null) return null;
  return (
    <Notice tone="bad" title={problem.title}>
      {problem.detail !== "" && <p>{problem.detail}</p>}
      {problem.errors.length > 0 && (
        <ul>
          {problem.errors.slice(0, 8).map((error) => (
            <li key={`${error.field} ${error.problem}`}>
              <code>{error.field}</code> {error.problem}. {error.remedy}
            </li>
          ))}
        </ul>
      )}
      <p class="small muted">
        Code <code>{problem.code}</code>
      </p>
      {retry !== undefined && (
        <div>
          <Button size="small" onPress={retry}>
            Try again
          </Button>
        </div>
      )}
    </Notice>
  );
}

/** Data when it is there, with a problem of the last try above it; else a skeleton or the problem alone. */
export function Show<T>({
  from,
  rows,
  children,
}: {
  from: Loaded<T>;
  rows?: number;
  children: (data: T) => ComponentChildren;
}) {
  if (from.data === null)
    return from.problem === null ? (
      <Skeleton {...(rows !== undefined && { rows })} />
    ) : (
      <div class="card-body">
        <ProblemNotice problem={from.problem} retry={from.refresh} />
      </div>
    );
  return (
    <>
      {from.problem !== null && (
        <div class="card-body">
          <ProblemNotice problem={from.problem} retry={from.refresh} />
        </div>
      )}
      {children(from.data)}
    </>
  );
}
