import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer } from "../api/call.ts";
import type { Problem } from "../api/problem.ts";
import { Button } from "./button.tsx";
import { ProblemNotice } from "./states.tsx";
import { useUniqueId } from "./unique-id.ts";

/** Modal: the browser keeps the focus in it, closes it with Esc, and gives the focus back. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useUniqueId();
  useEffect(() => {
    const dialog = ref.current;
    if (dialog !== null && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // One that gives way to the next is closed too, by us; that is nobody's wish to leave.
    <dialog
      ref={ref}
      aria-labelledby={id}
      onClose={(event) => {
        if (event.currentTarget.isConnected) onClose();
      }}
    >
      <div class="dialog-head">
        <h2 id={id}>{title}</h2>
        <Button kind="plain" size="small" icon="close" label="Close" onPress={onClose} />
      </div>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

/** A form in a dialog, with the API's mistakes where they belong: `children` gets the problem of the last try. */
export function FormDialog<T>({
  title,
  submit,
  danger,
  onClose,
  onSubmit,
  onDone,
  children,
}: {
  title: string;
  submit: string;
  danger?: boolean;
  onClose: () => void;
  onSubmit: () => Promise<Answer<T>>;
  onDone: (body: T) => void;
  children: (problem: Problem | null) => ComponentChildren;
}) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          if (busy) return;
          setBusy(true);
          const answer = await onSubmit();
          setBusy(false);
          setProblem(answer.ok ? null : answer.problem);
          if (answer.ok) onDone(answer.body);
        }}
      >
        {children(problem)}
        <ProblemNotice problem={problem} />
        <div class="dialog-foot">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" kind={danger === true ? "danger" : "primary"} busy={busy}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
