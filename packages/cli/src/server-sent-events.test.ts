import { expect, it } from "vitest";
import { readEvents, type ServerSentEvent } from "./server-sent-events.ts";

it("reads events over any cut of the bytes, and passes comments over", async () => {
  const text = ': beat\n\nid: 7\nevent: message\ndata: {"id":"m1"}\n\ndata: a\ndata: b\n\nevent: empty\n\n';
  for (const size of [1, 3, 1000]) {
    const bytes = new TextEncoder().encode(text);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const read: ServerSentEvent[] = [];
    for await (const event of readEvents(body)) read.push(event);
    expect(read).toEqual([
      { event: "message", data: '{"id":"m1"}', id: "7" },
      { event: "message", data: "a\nb", id: "" },
    ]);
  }
});
