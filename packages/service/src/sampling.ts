/** Which spans are kept: whole traces, and of batches those that carry a kept one. */
import { type Context, type Link, SpanKind, TraceFlags } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  type SamplingResult,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";

/**
 * Without a collector ids are still made and handed on, which costs next to nothing and lets logs be joined. With one, a share
 * of the traces is kept, whoever began them decides; a batch of records begins a trace of its own, which is kept where it
 * links to one that is: else a kept message would lose its way at its first topic.
 */
export function samplerOf(options: { exported: boolean; ratio: number }): Sampler {
  const off = new AlwaysOffSampler();
  if (!options.exported) return new ParentBasedSampler({ root: off, remoteParentSampled: off });
  const share = new TraceIdRatioBasedSampler(options.ratio);
  return new ParentBasedSampler({
    root: {
      shouldSample(
        context: Context,
        traceId: string,
        _name,
        kind,
        _attributes,
        links: Link[],
      ): SamplingResult {
        if (kind !== SpanKind.CONSUMER) return share.shouldSample(context, traceId);
        const isKept = links.some((link) => (link.context.traceFlags & TraceFlags.SAMPLED) !== 0);
        return { decision: isKept ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.NOT_RECORD };
      },
      toString: () => `share of ${options.ratio}, batches by their links`,
    },
  });
}
