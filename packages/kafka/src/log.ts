/** How this package speaks: a service passes `(level, message, facts) => log[level](facts, message)`. Never bodies, never keys. */
export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  facts?: Record<string, unknown>,
) => void;
