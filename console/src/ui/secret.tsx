import { Button } from "./button.tsx";
import { say } from "./toast.tsx";

/** Shown once: it can be copied, and is gone with the dialog. */
export function Secret({ value, label }: { value: string; label: string }) {
  return (
    <div class="secret">
      <code data-secret>{value}</code>
      <Copy value={value} label={label} />
    </div>
  );
}

export function Copy({ value, label }: { value: string; label: string }) {
  return (
    <Button
      kind="plain"
      size="small"
      icon="copy"
      label={`Copy ${label}`}
      onPress={async () => {
        try {
          await navigator.clipboard.writeText(value);
          say(`Copied: ${label}`);
        } catch {
          say("The browser does not let pages copy here", "bad", "Mark the text and copy it.");
        }
      }}
    />
  );
}
