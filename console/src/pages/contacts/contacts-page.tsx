import { useState } from "preact/hooks";
import { place, setQuery } from "../../routing/router.ts";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { ContactView } from "./contact-view.tsx";

/** No list of people: the mesh keeps keyed hashes of numbers, so that only who knows a number can ask about it. */
export function ContactsPage() {
  const recipient = place.value.query.get("recipient") ?? "";
  const [typed, setTyped] = useState(recipient);
  return (
    <PageShell title="Contacts" sub="What one person wants, and what went to and fro.">
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
          label="Person"
          type="search"
          value={typed}
          onValue={setTyped}
          placeholder="Number with + and country code, or a business-scoped user id"
        />
        <Button type="submit" kind="primary">
          Look up
        </Button>
      </form>
      {recipient === "" ? (
        <div class="card">
          <Empty title="Look somebody up">
            <p>
              There is no list of people here: consent is kept under a keyed hash of the number, so it takes
              the number to find it.
            </p>
          </Empty>
        </div>
      ) : (
        <ContactView key={recipient} recipient={recipient} />
      )}
    </PageShell>
  );
}
