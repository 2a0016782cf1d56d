import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { place } from "../routing/router.ts";
import { Button } from "../ui/button.tsx";
import { BrandName } from "./brand-name.tsx";
import { Help } from "./help.tsx";
import { useShortcuts } from "./shortcuts.ts";
import { Side } from "./side.tsx";

export function Shell({ children }: { children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const [help, setHelp] = useState(false);
  useShortcuts({ help: () => setHelp(true), close: () => setOpen(false) });
  const path = place.value.parts.join("/");
  // Another page closes the menu.
  useEffect(() => setOpen(false), [path]);
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <div class="topbar">
        <Button kind="plain" icon="menu" label="Open the menu" onPress={() => setOpen(true)} />
        <BrandName />
      </div>
      {open && (
        <button type="button" class="side-veil" aria-label="Close the menu" onClick={() => setOpen(false)} />
      )}
      <Side open={open} onHelp={() => setHelp(true)} />
      <main class="main" id="main" tabIndex={-1}>
        {children}
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}
