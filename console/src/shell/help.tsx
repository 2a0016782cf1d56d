import { Dialog } from "../ui/dialog.tsx";
import { Facts } from "../ui/page.tsx";
import { areas } from "./areas.ts";

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys of the keyboard" onClose={onClose}>
      <Facts
        rows={[
          ["Search", <kbd key="k">/</kbd>],
          ...areas.map(
            ({ text, letter }) =>
              [
                text,
                <span key="k">
                  <kbd>g</kbd> <kbd>{letter}</kbd>
                </span>,
              ] as const,
          ),
          ["Leave a field, close a dialog", <kbd key="k">Esc</kbd>],
          ["This list", <kbd key="k">?</kbd>],
        ]}
      />
    </Dialog>
  );
}
