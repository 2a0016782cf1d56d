import { addressHere, place } from "../../routing/router.ts";
import { Tabs } from "../../ui/page.tsx";

export function TroubleTabs() {
  const doubts = place.value.parts[1] === "doubts";
  return (
    <Tabs
      label="Open cases"
      tabs={[
        { to: addressHere(["trouble"]), text: "Dead letters", current: !doubts },
        { to: addressHere(["trouble", "doubts"]), text: "Doubts", current: doubts },
      ]}
    />
  );
}
