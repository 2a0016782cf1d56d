/** What reading with a cached resolver saves against making it for each record: why packages/events keeps one per writer. */
import { encodeWire, recordType } from "@wamesh/events";
import { messageStatus } from "@wamesh/testing";
import { type Bench, pairedRatio } from "./report.ts";

export const codec: Bench = {
  about: "decoding statuses with a cached resolver against one made per record",
  async run({ log }) {
    const type = recordType("message-status");
    const writer = recordType("message-status");
    const bytes = encodeWire("message-status", 1, messageStatus()).subarray(5);
    const cached = type.createResolver(writer);
    const perSecond = (times: number, decode: () => void) => async () => {
      const begun = performance.now();
      for (let i = 0; i < times; i++) decode();
      return (times * 1000) / (performance.now() - begun);
    };
    log("decoding, five pairs …");
    const { a, b, ratio } = await pairedRatio(
      5,
      perSecond(50_000, () => type.fromBuffer(bytes, cached)),
      perSecond(500, () => type.fromBuffer(bytes, type.createResolver(writer))),
    );
    return { cached_per_s: Math.round(a), made_anew_per_s: Math.round(b), ratio: Number(ratio.toFixed(1)) };
  },
};
