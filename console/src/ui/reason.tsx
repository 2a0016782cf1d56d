import { explain } from "../words/reason.ts";

/** A reason in plain language, with what the provider said for whoever asks there. */
export function ReasonText({
  reason,
}: {
  reason: { code: string; fault_class?: string | null; provider_code?: string | null; detail?: string };
}) {
  const { meaning, remedy, fault } = explain(reason.code, reason.fault_class ?? null);
  return (
    <div class="stack-tight">
      <div>{meaning}</div>
      {remedy !== null && (
        <div>
          <span class="muted">What to do: </span>
          {remedy}
        </div>
      )}
      {reason.detail !== undefined && reason.detail !== "" && <div class="muted">{reason.detail}</div>}
      <div class="small muted">
        <code>{reason.code}</code>
        {fault !== null && ` · down to ${fault}`}
        {reason.provider_code != null && (
          <>
            {" · provider's code "}
            <code>{reason.provider_code}</code>
          </>
        )}
      </div>
    </div>
  );
}
