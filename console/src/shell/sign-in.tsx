import { useState } from "preact/hooks";
import { signedOut } from "../api/call.ts";
import type { Problem } from "../api/problem.ts";
import { signIn } from "../api/session.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Mark } from "../ui/icons.tsx";
import { Notice, ProblemNotice } from "../ui/states.tsx";

export function SignIn() {
  const [key, setKey] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const ended = signedOut.value;
  return (
    <main class="door">
      <form
        class="door-card"
        onSubmit={async (event) => {
          event.preventDefault();
          setBusy(true);
          const answer = await signIn(key.trim());
          setBusy(false);
          setProblem(answer.ok ? null : answer.problem);
        }}
      >
        <div class="brand">
          <Mark />
          <span>wamesh</span>
        </div>
        <div class="stack-tight">
          <h1>Sign in</h1>
          <p class="muted">With an API key of this mesh. It shows what the key may see, for twelve hours.</p>
        </div>
        {ended !== null && problem === null && (
          <Notice tone="warn" title="You were signed out">
            <p>{ended.title}. Sign in again to go on where you were.</p>
          </Notice>
        )}
        <TextField
          label="API key"
          type="password"
          value={key}
          onValue={setKey}
          placeholder="wam_…"
          autoComplete="current-password"
          required
          hint="The key stays out of this page: the mesh keeps it sealed in a cookie that no script can read."
        />
        <ProblemNotice problem={problem} />
        <Button type="submit" kind="primary" busy={busy}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
