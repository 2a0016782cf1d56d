import { useState } from "preact/hooks";
import { place, setQuery } from "../../routing/router.ts";
import { Button } from "../../ui/button.tsx";
import { Choice, TextField } from "../../ui/field.tsx";
import { PageShell } from "../../ui/page.tsx";
import { spelled } from "../../words/tone.ts";
import { InboundList } from "./inbound-list.tsx";

const kinds = ["text", "image", "audio", "video", "document", "location", "reaction", "button", "preference"];

export function InboundPage() {
  const { query } = place.value;
  const recipient = query.get("recipient") ?? "";
  const kind = query.get("kind") ?? "";
  const [typed, setTyped] = useState(recipient);
  return (
    <PageShell title="Inbound" sub="What people wrote to your numbers, newest first.">
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery({ recipient: typed.trim() || null });
        }}
      >
        <TextField
          wide
          search
          label="From"
          type="search"
          value={typed}
          onValue={(value) => {
            setTyped(value);
            if (value === "") setQuery({ recipient: null });
          }}
          placeholder="Number with + and country code"
        />
        <Choice
          label="Kind"
          value={kind}
          onValue={(value) => setQuery({ kind: value || null })}
          options={[["", "All"], ...kinds.map((one) => [one, spelled(one)] as const)]}
        />
        <Button type="submit">Search</Button>
      </form>
      <InboundList query={{ recipient, kind }} />
    </PageShell>
  );
}
