/**
 * One client's end of the stream. Who reads as fast as it comes gets each tick's bytes, the same for all; for who does not, the
 * ticks are kept (they are shared, so this costs next to nothing), and when it reads on it gets the last state of each thing.
 * After `maxKept` ticks they are dropped and it is told to fetch anew: memory has an end, whoever sleeps.
 */
import { type EventName, helloText, merged, type News, partText } from "./news.ts";

export type Outlet = {
  stream: ReadableStream<Uint8Array>;
  /** Frames to the reader as they are. */
  say(text: string): void;
  /** `bytes` are those of `news` for this outlet's events. */
  send(news: News, bytes: Uint8Array): void;
  /** It has to fetch anew. */
  reset(): void;
  close(): void;
};

const maxKept = 20;
const utf8 = new TextEncoder();

export function createOutlet(options: {
  tenant: string;
  events: ReadonlySet<EventName>;
  /** The client has gone. */
  onGone: () => void;
  onReset: () => void;
}): Outlet {
  const { tenant, events, onGone, onReset } = options;
  let kept: News[] = [];
  let lost = false;
  let open = true;
  let controller: ReadableStreamDefaultController<Uint8Array>;

  const isReady = () => open && kept.length === 0 && !lost && (controller.desiredSize ?? 0) > 0;

  function flush(): void {
    if (!open || (kept.length === 0 && !lost)) return;
    const last = kept.at(-1);
    const hello = lost ? helloText(tenant, true) : "";
    const text = last === undefined ? hello : hello + partText(merged(kept).values(), events, last.eventId);
    kept = [];
    lost = false;
    controller.enqueue(utf8.encode(text));
  }

  function lose(): void {
    kept = [];
    if (!lost) onReset();
    lost = true;
  }

  return {
    stream: new ReadableStream<Uint8Array>({
      start(given) {
        controller = given;
      },
      // Called when all that was given has been taken.
      pull: flush,
      cancel() {
        open = false;
        onGone();
      },
    }),
    say(text) {
      // Whoever does not read needs no sign of life.
      if (isReady()) controller.enqueue(utf8.encode(text));
    },
    send(news, bytes) {
      if (!open) return;
      if (isReady()) return controller.enqueue(bytes);
      if (kept.length >= maxKept) lose();
      kept.push(news);
    },
    reset() {
      lose();
      if ((controller.desiredSize ?? 0) > 0) flush();
    },
    close() {
      if (!open) return;
      open = false;
      controller.close();
    },
  };
}
