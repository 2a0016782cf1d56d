/** Where links lead that lead nowhere. */
import { me, signOut } from "../api/session.ts";
import { Link } from "../routing/link.tsx";
import { addressOf } from "../routing/path.ts";
import { addressHere } from "../routing/router.ts";
import { Button } from "../ui/button.tsx";
import { PageShell } from "../ui/page.tsx";
import { Empty } from "../ui/states.tsx";

/** A tenant that does not exist and one that is another's look the same: nobody learns who else is here. */
export function OtherTenant() {
  const own = me.value?.tenant ?? "";
  return (
    <main class="door">
      <div class="door-card">
        <h1>This link is not for this key</h1>
        <p class="muted">
          It leads to a tenant that your key does not reach. Sign in with a key of that tenant, or ask whoever
          sent the link.
        </p>
        <div class="row">
          <Link to={addressOf(own, ["overview"])} class="button">
            Go to my overview
          </Link>
          <Button onPress={signOut}>Sign in with another key</Button>
        </div>
      </div>
    </main>
  );
}

export function Unknown() {
  return (
    <PageShell title="There is no such page">
      <div class="card">
        <Empty title="The address may be mistyped, or from a newer console">
          <Link to={addressHere(["overview"])} class="button">
            Go to the overview
          </Link>
        </Empty>
      </div>
    </PageShell>
  );
}
