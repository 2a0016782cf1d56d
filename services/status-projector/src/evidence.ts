/** What speaks for and against a message having left, in the order in which it was learnt. Pure. */

export type SaidOfMessage = {
  status: string;
  origin: string;
  claim: number;
  reason_code: string | null;
  reason_detail: string | null;
  provider_id: string | null;
  recorded_at: Date;
};

export type Evidence = { at: Date; kind: string; text: string };

/** `history`: oldest first, references included. */
export function evidenceOf(history: readonly SaidOfMessage[]): Evidence[] {
  return history.flatMap((said) => {
    const found = speaks(said);
    return found === null ? [] : [{ at: said.recorded_at, ...found }];
  });
}

function speaks(said: SaidOfMessage): { kind: string; text: string } | null {
  const claim = `claim ${said.claim}`;
  const why = said.reason_detail || said.reason_code || "no reason was given";
  if (said.status === "reference" && said.provider_id !== null)
    return { kind: "provider_id", text: `The provider knows ${claim} as ${said.provider_id}.` };
  if (said.origin === "provider")
    return { kind: "receipt", text: `The provider said ${said.status} of ${claim}.` };
  switch (said.status) {
    case "claimed":
      return { kind: "claimed", text: `It was about to be sent, as ${claim}.` };
    case "in_doubt":
      return { kind: "in_doubt", text: `Whether ${claim} left is not known: ${why}` };
    case "unconfirmed":
      return { kind: "unconfirmed", text: `Nothing confirmed ${claim} in time: ${why}` };
    case "queued":
      return said.reason_code === null
        ? null
        : { kind: "queued_again", text: `It was put back into the schedule: ${why}` };
    case "sent":
      return { kind: "sent", text: `The provider took ${claim}.` };
    default:
      return null;
  }
}
