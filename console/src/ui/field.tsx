import type { ComponentChildren } from "preact";
import { useUniqueId } from "./unique-id.ts";

type Around = { label: string; hint?: ComponentChildren; mistake?: string | null; wide?: boolean };

type Common = Around & {
  value: string;
  onValue: (value: string) => void;
  required?: boolean;
  disabled?: boolean;
};

/** A label, what it is about, and what is wrong with it: tied to the control for those who don't see them side by side. */
function useTies({ hint, mistake }: Pick<Around, "hint" | "mistake">) {
  const id = useUniqueId();
  const described = [hint !== undefined && `${id}-hint`, mistake != null && `${id}-mistake`]
    .filter(Boolean)
    .join(" ");
  return { id, "aria-describedby": described || undefined, "aria-invalid": mistake != null || undefined };
}

function Frame({
  id,
  label,
  hint,
  mistake,
  wide,
  children,
}: Around & { id: string; children: ComponentChildren }) {
  return (
    <div class={wide === true ? "field wide" : "field"}>
      <label for={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {mistake != null && (
        <span class="mistake" id={`${id}-mistake`}>
          {mistake}
        </span>
      )}
    </div>
  );
}

export function TextField({
  value,
  onValue,
  type = "text",
  placeholder,
  required,
  disabled,
  autoComplete = "off",
  inputMode,
  search,
  ...around
}: Common & {
  type?: "text" | "password" | "number" | "url" | "date" | "datetime-local" | "search" | "month" | "tel";
  placeholder?: string;
  autoComplete?: string;
  inputMode?: "numeric" | "tel" | "decimal";
  /** The key `/` leads here. */
  search?: boolean;
}) {
  const ties = useTies(around);
  return (
    <Frame id={ties.id} {...around}>
      <input
        {...ties}
        // One control for all kinds of text; the types tell each apart by its role.
        type={type as "text"}
        value={value}
        placeholder={placeholder}
        required={required}
        disabled={disabled}
        autocomplete={autoComplete}
        spellcheck={false}
        inputMode={inputMode}
        step={type === "number" ? "any" : undefined}
        data-search={search}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Frame>
  );
}

export function TextArea({
  value,
  onValue,
  required,
  rows = 4,
  placeholder,
  ...around
}: Common & { rows?: number; placeholder?: string }) {
  const ties = useTies(around);
  return (
    <Frame id={ties.id} {...around}>
      <textarea
        {...ties}
        rows={rows}
        value={value}
        required={required}
        placeholder={placeholder}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
    </Frame>
  );
}

export function Choice({
  value,
  onValue,
  options,
  disabled,
  ...around
}: Common & { options: readonly (readonly [value: string, text: string])[] }) {
  const ties = useTies(around);
  return (
    <Frame id={ties.id} {...around}>
      <select
        {...ties}
        value={value}
        disabled={disabled}
        onChange={(event) => onValue(event.currentTarget.value)}
      >
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </Frame>
  );
}

export function Check({
  checked,
  onChecked,
  children,
}: {
  checked: boolean;
  onChecked: (checked: boolean) => void;
  children: ComponentChildren;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChecked(event.currentTarget.checked)} />
      <span>{children}</span>
    </label>
  );
}
