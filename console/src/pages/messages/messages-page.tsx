import { useEffect, useRef, useState } from "preact/hooks";
import { addressHere, go, place, setQuery } from "../../routing/router.ts";
import { Button } from "../../ui/button.tsx";
import { Choice, TextField } from "../../ui/field.tsx";
import { PageShell } from "../../ui/page.tsx";
import { laneWords, messageWords } from "../../words/states.ts";
import { MessageList } from "./message-list.tsx";
import { readSearch } from "./search.ts";

const kept = [
  "status",
  "lane",
  "session",
  "campaign",
  "rule",
  "error",
  "recipient",
  "external_ref",
  "since",
  "until",
] as const;

/** The address holds the filters, so a link shows what its sender saw. */
export function MessagesPage() {
  const { query } = place.value;
  const given = Object.fromEntries(kept.map((name) => [name, query.get(name) ?? ""])) as Record<
    (typeof kept)[number],
    string
  >;
  const [typed, setTyped] = useState(given.recipient || given.external_ref);
  const form = useRef<HTMLFormElement>(null);
  const wanted = query.get("search") === "1";
  useEffect(() => {
    if (!wanted) return;
    form.current?.querySelector<HTMLInputElement>("[data-search]")?.focus();
    setQuery({ search: null });
  }, [wanted]);
  const filtered = kept.filter((name) => given[name] !== "");

  function search() {
    const found = readSearch(typed);
    if (found?.kind === "id") return go(addressHere(["messages", found.id]));
    setQuery({
      recipient: found?.kind === "recipient" ? found.value : null,
      external_ref: found?.kind === "external_ref" ? found.value : null,
    });
  }

  return (
    <PageShell title="Messages" sub="Newest first.">
      <form
        class="filters"
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          search();
        }}
      >
        <TextField
          wide
          search
          label="Search"
          type="search"
          value={typed}
          onValue={(value) => {
            setTyped(value);
            if (value === "") setQuery({ recipient: null, external_ref: null });
          }}
          placeholder="Number, reference or message id"
        />
        <Choice
          label="State"
          value={given.status}
          onValue={(value) => setQuery({ status: value || null })}
          options={[
            ["", "All"],
            ...Object.entries(messageWords).map(([value, { label }]) => [value, label] as const),
          ]}
        />
        <Choice
          label="Lane"
          value={given.lane}
          onValue={(value) => setQuery({ lane: value || null })}
          options={[["", "All"], ...Object.entries(laneWords)]}
        />
        <TextField
          label="From"
          type="date"
          value={given.since.slice(0, 10)}
          onValue={(day) => setQuery({ since: startOf(day) })}
        />
        <TextField
          label="Until"
          type="date"
          value={dayBefore(given.until)}
          onValue={(day) => setQuery({ until: endOf(day) })}
        />
        <Button type="submit">Search</Button>
        {filtered.length > 0 && (
          <Button
            kind="plain"
            onPress={() => {
              setTyped("");
              setQuery(Object.fromEntries(kept.map((name) => [name, null])));
            }}
          >
            Clear all
          </Button>
        )}
      </form>
      {(["session", "campaign", "rule", "error"] as const).some((name) => given[name] !== "") && (
        <div class="row">
          {(["session", "campaign", "rule", "error"] as const)
            .filter((name) => given[name] !== "")
            .map((name) => (
              <Button key={name} size="small" icon="close" onPress={() => setQuery({ [name]: null })}>
                {name} {given[name]}
              </Button>
            ))}
        </div>
      )}
      <MessageList query={given} filtered={filtered.length > 0} />
    </PageShell>
  );
}

/** Days are the viewer's, times go to the API with their zone. */
function startOf(day: string): string | null {
  return day === "" ? null : new Date(`${day}T00:00:00`).toISOString();
}

function endOf(day: string): string | null {
  if (day === "") return null;
  const next = new Date(`${day}T00:00:00`);
  next.setDate(next.getDate() + 1);
  return next.toISOString();
}

function dayBefore(until: string): string {
  if (until === "") return "";
  const date = new Date(until);
  date.setDate(date.getDate() - 1);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}
