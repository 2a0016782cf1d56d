/** What a page reads from the API: loaded, shown again at once when one comes back, and kept fresh. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { place } from "../routing/router.ts";
import { type Answer, get, type Query } from "./call.ts";
import type { Problem } from "./problem.ts";
import { type LiveEvent, onLive, streamIsOpen } from "./stream.ts";
import { throttled } from "./throttled.ts";

export type Loaded<T> = {
  /** null until the first answer. */
  data: T | null;
  /** Of the last try; the data of an earlier one stays. */
  problem: Problem | null;
  refresh(): void;
  /** Shows what is known already from elsewhere, until the next answer. */
  replace(data: T): void;
};

export type Freshness = {
  /** Asked again so often; every fourth time only while all is well and the live stream tells of it. */
  everyMs?: number;
  /** Asked again when the stream tells of such things, at most once a second. */
  live?: (event: LiveEvent) => boolean;
};

/** The last answers, so that the way back to a list shows it at once. */
const seen = new Map<string, unknown>();
const seenMost = 60;

/** null as path: nothing is asked. */
export function useGet<T>(path: string | null, query: Query = {}, freshness: Freshness = {}): Loaded<T> {
  const key = path === null ? null : JSON.stringify([place.value.tenant, path, query]);
  const [state, setState] = useState<{ key: string | null; data: T | null; problem: Problem | null }>({
    key: null,
    data: null,
    problem: null,
  });
  const [asked, setAsked] = useState(0);
  const refresh = useCallback(() => setAsked((n) => n + 1), []);

  // The key holds path and query; asked orders another answer.
  useEffect(() => {
    if (path === null || key === null) return;
    const left = new AbortController();
    void get<T>(path, query, left.signal).then((answer: Answer<T>) => {
      if (left.signal.aborted) return;
      if (answer.ok) remember(key, answer.body);
      setState((before) => ({
        key,
        data: answer.ok
          ? answer.body
          : (((before.key === key ? before.data : seen.get(key)) as T | null) ?? null),
        problem: answer.ok ? null : answer.problem,
      }));
    });
    return () => left.abort();
  }, [key, asked]);

  const { everyMs, live } = freshness;
  const ticks = useRef(0);
  const failed = useRef(false);
  failed.current = state.problem !== null;
  useEffect(() => {
    if (key === null || everyMs === undefined) return;
    const timer = setInterval(() => {
      ticks.current++;
      const told = streamIsOpen.value && live !== undefined && !failed.current;
      if (document.hidden || (told && ticks.current % 4 !== 0)) return;
      refresh();
    }, everyMs);
    return () => clearInterval(timer);
  }, [key, everyMs, live === undefined, refresh]);

  const wanted = useRef(live);
  wanted.current = live;
  useEffect(() => {
    if (key === null) return;
    const soon = throttled(refresh, 1_000);
    const stop = onLive((event) => {
      const { current: concerns } = wanted;
      if (concerns !== undefined && (event.kind === "reset" || concerns(event))) soon.call();
    });
    return () => {
      stop();
      soon.stop();
    };
  }, [key, refresh]);

  const replace = useCallback(
    (data: T) => setState((before) => ({ key: before.key, data, problem: null })),
    [],
  );
  const current = state.key === key;
  return {
    data: current ? state.data : key === null ? null : ((seen.get(key) as T | undefined) ?? null),
    problem: current ? state.problem : null,
    refresh,
    replace,
  };
}

function remember(key: string, data: unknown): void {
  seen.delete(key);
  seen.set(key, data);
  const [oldest] = seen.keys();
  if (seen.size > seenMost && oldest !== undefined) seen.delete(oldest);
}

/** Another person's answers must not flash up after a sign-out. */
export function forgetAnswers(): void {
  seen.clear();
}
