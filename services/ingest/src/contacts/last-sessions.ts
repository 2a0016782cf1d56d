/** Which numbers people wrote to lately, for the choice of a session: one query for all messages of a request. */
import { type Person, personOf, personTokens, type Recipient } from "@wamesh/events";
import { type Sql, withTenants } from "@wamesh/store";
import { lastWrote } from "./store.ts";

/** Sessions that this recipient wrote to lately, the latest first. */
export type WroteTo = (recipient: Recipient) => readonly string[];

export const nobodyWrote: WroteTo = () => [];

/** A month: whoever wrote longer ago is a stranger again. */
export const recentMs = 30 * 24 * 3_600_000;
/** A conversation that moves to another number is a smaller harm than a message that is not taken. */
const patienceMs = 1_000;
/** After a failure nobody waits for the database for so long. */
const pauseMs = 5_000;

export function createLastSessions(deps: {
  sql: Sql;
  tokenKeys: readonly string[];
  now: () => number;
  onError: (error: unknown) => void;
}) {
  let pausedUntil = 0;

  async function ask(tenant: string, recipients: readonly Recipient[]): Promise<WroteTo> {
    const people = new Map<string, string[]>();
    for (const recipient of recipients) {
      const person = personOf(recipient);
      if (person !== null) people.set(nameOf(person), personTokens(deps.tokenKeys, tenant, person));
    }
    const pairs = [...people.values()].flat().map((person) => ({ tenant, person }));
    const since = deps.now() - recentMs;
    const rows = await withTenants(deps.sql, [tenant], (tx) => lastWrote(tx, pairs, since));
    const sessions = Map.groupBy(rows, (row) => row.person);
    return (recipient) => {
      const person = personOf(recipient);
      const tokens = person === null ? [] : (people.get(nameOf(person)) ?? []);
      return tokens
        .flatMap((token) => sessions.get(token) ?? [])
        .sort((a, b) => b.at - a.at)
        .map(({ session }) => session);
    };
  }

  return async (tenant: string, recipients: readonly Recipient[]): Promise<WroteTo> => {
    if (recipients.length === 0 || deps.now() < pausedUntil) return nobodyWrote;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
    });
    try {
      return await Promise.race([ask(tenant, recipients), late]);
    } catch (error) {
      pausedUntil = deps.now() + pauseMs;
      deps.onError(error);
      return nobodyWrote;
    } finally {
      clearTimeout(timer);
    }
  };
}

export type LastSessions = ReturnType<typeof createLastSessions>;

const nameOf = ({ kind, value }: Person) => `${kind} ${value}`;
