import type { ComponentChildren } from "preact";
import { go } from "./router.ts";

type LinkProps = {
  to: string;
  class?: string;
  children: ComponentChildren;
  "aria-current"?: "page" | undefined;
  title?: string;
  "data-kind"?: "primary";
};

/** A link that stays in the page; with a modifier key the browser does what it always does. */
export function Link({ to, children, ...rest }: LinkProps) {
  return (
    <a
      href={to}
      {...rest}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
