/** Keys of the keyboard: `/` to the search, `g` and a letter to an area, `?` for this list, Esc out of a field. */
import { useEffect } from "preact/hooks";
import { may, me } from "../api/session.ts";
import { addressHere, go } from "../routing/router.ts";
import { areas } from "./areas.ts";

/** A letter counts after `g` this long. */
const patienceMs = 1_200;

export function useShortcuts({ help, close }: { help: () => void; close: () => void }): void {
  // The two only set state.
  useEffect(() => {
    let goUntilMs = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const target = event.target as HTMLElement;
      if (event.key === "Escape") {
        if (isField(target) && target.closest("dialog") === null) target.blur();
        close();
        return;
      }
      // In a dialog or a field the keys are text.
      if (isField(target) || document.querySelector("dialog[open]") !== null) return;
      if (event.key === "/") toSearch(event);
      else if (event.key === "?") help();
      else if (event.key === "g") goUntilMs = event.timeStamp + patienceMs;
      else if (event.timeStamp < goUntilMs) {
        goUntilMs = 0;
        toArea(event.key);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
}

function toArea(letter: string): void {
  const area = areas.find((one) => one.letter === letter);
  if (area === undefined || !may(area.scope) || (area.above && me.value?.kind === "tenant")) return;
  go(addressHere([area.part]));
}

/** The page's own search, else that of the messages. */
function toSearch(event: KeyboardEvent): void {
  event.preventDefault();
  const field = document.querySelector<HTMLInputElement>("[data-search]");
  if (field !== null) field.select();
  else go(addressHere(["messages"], { search: "1" }));
}

function isField(element: HTMLElement): boolean {
  return element.matches("input, select, textarea, [contenteditable]");
}
