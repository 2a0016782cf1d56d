import { me } from "../../api/session.ts";
import { addressHere, place } from "../../routing/router.ts";
import { Tabs } from "../../ui/page.tsx";

export function TroubleTabs() {
  const { parts, query, tenant } = place.value;
  const doubts = parts[1] === "doubts";
  const unplaced = query.get("unplaced") === "true";
  const who = me.value;
  return (
    <Tabs
      label="Open cases"
      tabs={[
        { to: addressHere(["trouble"]), text: "Dead letters", current: !doubts && !unplaced },
        ...(who?.kind === "operator" && who.tenant === tenant
          ? [
              {
                to: addressHere(["trouble"], { unplaced: "true" }),
                text: "Of no known tenant",
                current: unplaced,
              },
            ]
          : []),
        { to: addressHere(["trouble", "doubts"]), text: "Doubts", current: doubts },
      ]}
    />
  );
}
