/** Short news of what was done, or of what could not be. */
import { signal } from "@preact/signals";
import type { Answer } from "../api/call.ts";
import { Button } from "./button.tsx";

type Toast = { id: number; tone: "good" | "bad"; title: string; text: string };

const stayMs = 6_000;
const toasts = signal<readonly Toast[]>([]);
let last = 0;

export function say(title: string, tone: Toast["tone"] = "good", text = ""): void {
  const id = ++last;
  toasts.value = [...toasts.value, { id, tone, title, text }].slice(-4);
  if (tone === "good") setTimeout(() => drop(id), stayMs);
}

/** True if it was done; the words of the problem otherwise stay until they are closed. */
export function report<T>(answer: Answer<T>, done: string): answer is { ok: true; body: T } {
  if (answer.ok) say(done);
  else
    say(
      answer.problem.title,
      "bad",
      [
        answer.problem.detail,
        ...answer.problem.errors.map((one) => `${one.field} ${one.problem}. ${one.remedy}`),
      ].join(" "),
    );
  return answer.ok;
}

function drop(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" aria-live="polite">
      {toasts.value.map((toast) => (
        <div class="toast" data-tone={toast.tone} key={toast.id}>
          <div class="grow">
            <strong>{toast.title}</strong>
            {toast.text !== "" && <div class="small">{toast.text}</div>}
          </div>
          <Button kind="plain" size="small" icon="close" label="Close" onPress={() => drop(toast.id)} />
        </div>
      ))}
    </div>
  );
}
