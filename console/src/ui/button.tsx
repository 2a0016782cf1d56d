import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Icon, type IconName } from "./icons.tsx";

type ButtonProps = {
  children?: ComponentChildren;
  kind?: "primary" | "danger" | "plain";
  size?: "small";
  icon?: IconName;
  /** Needed where there is no text. */
  label?: string;
  type?: "button" | "submit";
  disabled?: boolean;
  /** While it runs, the button says so and takes no second press. */
  onPress?: () => unknown;
  busy?: boolean;
};

export function Button({
  children,
  kind,
  size,
  icon,
  label,
  type = "button",
  disabled,
  onPress,
  busy,
}: ButtonProps) {
  const [running, setRunning] = useState(false);
  const waits = running || busy === true;
  return (
    <button
      // It is given, with a default.
      type={type}
      class="button"
      data-kind={kind}
      data-size={size}
      aria-label={label}
      title={label}
      aria-busy={waits}
      disabled={disabled}
      onClick={
        onPress === undefined
          ? undefined
          : async () => {
              if (waits) return;
              setRunning(true);
              try {
                await onPress();
              } finally {
                setRunning(false);
              }
            }
      }
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}
