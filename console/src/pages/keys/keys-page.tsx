import { useState } from "preact/hooks";
import { call } from "../../api/call.ts";
import { may, me, signOut } from "../../api/session.ts";
import type { Key } from "../../shapes/webhook.ts";
import { Button } from "../../ui/button.tsx";
import { Chip } from "../../ui/chip.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { List } from "../../ui/list.tsx";
import { PageShell } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { nowMs, Time } from "../../ui/time.tsx";
import { keyWords } from "../../words/states.ts";
import { NewKey } from "./new-key.tsx";

export function KeysPage() {
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const [version, setVersion] = useState(0);
  const own = me.value?.key_id;
  return (
    <PageShell
      title="API keys"
      sub="What programs and people call this mesh with."
      actions={
        may("keys:write") && (
          <Button kind="primary" onPress={() => setMaking(true)}>
            New key
          </Button>
        )
      }
    >
      <List<Key>
        label="Keys"
        path="/v1/keys"
        version={version}
        keyOf={({ id }) => id}
        empty={<Empty title="No key of this tenant yet" />}
        columns={[
          {
            head: "Key",
            lead: true,
            cell: (row) => (
              <span>
                <span class="lead">{row.label}</span>
                <span class="under">
                  <code>wam_{row.id}_…</code>
                  {row.id === own && " · you are signed in with it"}
                </span>
              </span>
            ),
          },
          { head: "State", cell: (row) => <Chip of={keyWords} state={stateOf(row)} /> },
          {
            head: "May",
            cell: (row) => (
              <span class="clip" title={row.scopes.join(", ")}>
                {row.scopes.includes("*") ? "everything" : row.scopes.join(", ")}
              </span>
            ),
          },
          { head: "Made", cell: (row) => <Time at={row.created_at} /> },
          { head: "Ends", cell: (row) => (row.expires_at === null ? "never" : <Time at={row.expires_at} />) },
          {
            head: "",
            align: "end",
            cell: (row) =>
              row.state === "active" && may("keys:write") ? (
                <Button size="small" kind="danger" onPress={() => setRevoking(row)}>
                  Revoke
                </Button>
              ) : null,
          },
        ]}
      />
      {making && <NewKey onClose={() => setMaking(false)} onMade={() => setVersion((n) => n + 1)} />}
      {revoking !== null && (
        <FormDialog
          title={`Revoke ${revoking.label}?`}
          submit="Revoke the key"
          danger
          onClose={() => setRevoking(null)}
          onSubmit={() => call("DELETE", `/v1/keys/${encodeURIComponent(revoking.id)}`)}
          onDone={() => {
            const gone = revoking.id === own;
            setRevoking(null);
            if (gone) void signOut();
            else setVersion((n) => n + 1);
          }}
        >
          {() => (
            <p>
              Within a second it opens nothing any more, everywhere.{" "}
              {revoking.id === own && (
                <strong>It is the key you are signed in with: you will be signed out.</strong>
              )}
            </p>
          )}
        </FormDialog>
      )}
    </PageShell>
  );
}

function stateOf({ state, expires_at }: Key): string {
  return state === "active" && expires_at !== null && Date.parse(expires_at) <= nowMs.value
    ? "expired"
    : state;
}
