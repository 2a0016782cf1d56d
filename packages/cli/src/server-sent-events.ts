/** Server-sent events out of a response's body. What a comment says is passed over. */
export type ServerSentEvent = { event: string; data: string; id: string };

export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  let rest = "";
  let fields: ServerSentEvent = { event: "message", data: "", id: "" };
  for await (const text of body.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop()!;
    for (const line of lines) {
      if (line === "") {
        if (fields.data !== "") yield fields;
        fields = { event: "message", data: "", id: "" };
        continue;
      }
      const at = line.indexOf(":");
      const name = at < 0 ? line : line.slice(0, at);
      const value = at < 0 ? "" : line.slice(at + 1).replace(/^ /, "");
      if (name === "data") fields.data += fields.data === "" ? value : `\n${value}`;
      else if (name === "event" || name === "id") fields[name] = value;
    }
  }
}
