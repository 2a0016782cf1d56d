/** How something of a session is known. */
export const evidenceWords: Readonly<Record<string, string>> = {
  callback: "the provider's callback",
  probe: "our own look at the provider",
  send: "an attempt to send",
  operator: "a person here",
};
