import { useEffect } from "preact/hooks";
import { looked, me } from "./api/session.ts";
import { keepStream } from "./api/stream.ts";
import { findPage } from "./pages/all.tsx";
import { OtherTenant, Unknown } from "./pages/nowhere.tsx";
import { addressOf } from "./routing/path.ts";
import { go, place } from "./routing/router.ts";
import { Shell } from "./shell/shell.tsx";
import { SignIn } from "./shell/sign-in.tsx";
import { Toasts } from "./ui/toast.tsx";

export function App() {
  const who = me.value;
  if (who === undefined) return null;
  if (who === null)
    return (
      <>
        <SignIn />
        <Toasts />
      </>
    );
  return (
    <>
      <SignedIn own={who.tenant} />
      <Toasts />
    </>
  );
}

function SignedIn({ own }: { own: string }) {
  const { tenant, parts } = place.value;
  const home = tenant === null || parts.length === 0;
  const reached = looked.value !== null;
  useEffect(() => {
    if (home) go(addressOf(tenant ?? own, ["overview"]), "replace");
  }, [home, tenant, own]);
  useEffect(() => (reached ? keepStream() : undefined), [reached]);
  if (home) return null;
  if (!reached) return <OtherTenant />;
  const page = findPage(parts);
  return <Shell>{page ?? <Unknown />}</Shell>;
}
