import { useState } from "preact/hooks";

let last = 0;

/** For labels to name their controls by. Preact's own useId counts anew when the root renders again, and gives one twice. */
export function useUniqueId(): string {
  const [id] = useState(() => `id-${++last}`);
  return id;
}
