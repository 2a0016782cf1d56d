/** The live stream: one connection for the tenant that is looked at, opened anew whenever it breaks, resumed where it was. */
import { computed, effect, signal } from "@preact/signals";
import { place } from "../routing/router.ts";
import { call } from "./call.ts";

/** Slim: ids and short codes; who needs more asks for it. */
export type LiveEvent =
  | { kind: "message"; id: string; c?: number; s: string; l?: string; n?: string; g?: string; t?: number }
  | { kind: "campaign"; id: string; state?: string; expanded?: number; counts?: Record<string, number> }
  | { kind: "session"; id: string; status: string }
  | { kind: "counters"; [name: string]: unknown }
  /** Some deltas are gone: everything shown is asked for anew. */
  | { kind: "reset" };

const kinds = ["message", "campaign", "session", "counters"] as const;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

export const streamIsOpen = signal(false);

const listeners = new Set<(event: LiveEvent) => void>();

/** Returns how to stop listening. */
export function onLive(listener: (event: LiveEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows the address: another tenant, another stream. Returns how to end it. */
export function keepStream(): () => void {
  let close = () => {};
  const watched = computed(() => place.value.tenant);
  const stop = effect(() => {
    const tenant = watched.value;
    close();
    close = tenant === null ? () => {} : openStream(tenant);
  });
  return () => {
    stop();
    close();
  };
}

function openStream(tenant: string): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ended = false;
  let pauseMs = firstPauseMs;
  let lastId = "";

  async function open() {
    // A token lives for a minute and opens once, so each connection gets its own.
    const token = await call<{ token: string }>("POST", "/v1/status/stream/token", { json: {}, tenant });
    if (ended) return;
    if (!token.ok) return again();
    const query = new URLSearchParams({ token: token.body.token });
    if (lastId !== "") query.set("last_event_id", lastId);
    source = new EventSource(`/v1/status/stream?${query}`);
    source.onopen = () => {
      pauseMs = firstPauseMs;
      streamIsOpen.value = true;
    };
    source.onerror = again;
    source.addEventListener("hello", (event) => {
      for (const { reset } of itemsIn(event.data) as { reset?: boolean }[])
        if (reset) tell({ kind: "reset" });
    });
    for (const kind of kinds)
      source.addEventListener(kind, (event) => {
        if (event.lastEventId !== "") lastId = event.lastEventId;
        for (const data of itemsIn(event.data)) tell({ kind, ...data } as LiveEvent);
      });
  }

  function again() {
    source?.close();
    source = null;
    if (ended) return;
    streamIsOpen.value = false;
    clearTimeout(timer);
    timer = setTimeout(open, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  void open();
  return () => {
    ended = true;
    clearTimeout(timer);
    source?.close();
    streamIsOpen.value = false;
  };
}

/** One delta or several at once. What is not JSON comes from no mesh of ours, and is left out. */
function itemsIn(data: string): object[] {
  try {
    const value: unknown = JSON.parse(data);
    const items = Array.isArray(value) ? value : [value];
    return items.filter((item) => typeof item === "object" && item !== null);
  } catch {
    return [];
  }
}

function tell(event: LiveEvent): void {
  for (const listener of [...listeners]) listener(event);
}
