/**
 * A file into an audience, as it comes: a thousand lines at a time are read, checked and committed with what was counted, and
 * no more is taken from the connection meanwhile.
 */
import { type Sql, withTenants } from "@wamesh/store";
import {
  type Audience,
  type AudienceState,
  addErrors,
  addMembers,
  noteProgress,
  type Upload,
} from "./audience-store.ts";
import { delimiterOf, foreignEncoding, type Header, readHeader } from "./csv-header.ts";
import { createLineReader, type Line, maxLineLength } from "./csv-lines.ts";
import { createRowReader, type Row, type RowReader } from "./csv-rows.ts";
import { type LineError, type Member, memberOfRow, type ReadMember } from "./member.ts";

const chunkLines = 1_000;
/** So many errors are kept by line; the rest is counted. */
export const maxErrors = 1_000;

export type Filled =
  | { kind: "filled"; audience: Audience }
  /** The file as a whole is of no use. */
  | { kind: "failed"; audience: Audience }
  /** A later upload has taken its place, or the list was deleted. */
  | { kind: "superseded" };

/**
 * Throws what `chunks` throws (the connection broke, the file is too large), after the audience was marked as failed. Twice the
 * same file is a new upload: what the one before had added is void.
 */
export async function fillAudience(
  sql: Sql,
  of: Upload,
  chunks: AsyncIterable<Uint8Array>,
  describe: (error: unknown) => string,
): Promise<Filled> {
  const write = createWriter(sql, of);
  let bytesRead = 0;
  let header: Header | null = null;
  let rows: RowReader | null = null;
  const lines = createLineReader();

  /** What is wrong with the file, or null. */
  async function take(read: readonly Line[]): Promise<string | null> {
    let rest = read;
    if (rows === null) {
      const at = read.findIndex((line) => line.kind === "too_long" || line.text.trim() !== "");
      const first = read[at];
      if (first === undefined) return null;
      if (first.kind === "too_long") return firstTooLong;
      const delimiter = delimiterOf(first.text);
      const found = readHeader(delimiter, cellsOf(first, delimiter));
      if (found.kind === "bad") {
        await write.add([{ kind: "error", error: headerError(first.no, found) }], bytesRead);
        return found.problem;
      }
      header = found.header;
      rows = createRowReader(delimiter);
      rest = read.slice(at + 1);
      write.columns(header.names);
    }
    await addRows(rows.push(rest));
    return null;
  }

  async function addRows(read: readonly Row[]): Promise<void> {
    for (let start = 0; start < read.length; start += chunkLines)
      await write.add(
        read.slice(start, start + chunkLines).map((row) => memberIn(header!, row)),
        bytesRead,
      );
  }

  const fail = async (problem: string): Promise<Filled> => {
    const audience = await write.end("failed", bytesRead, problem);
    return audience === null ? { kind: "superseded" } : { kind: "failed", audience };
  };

  try {
    let start: string | null = null;
    for await (const chunk of chunks) {
      if (bytesRead === 0) start = foreignEncoding(chunk);
      bytesRead += chunk.byteLength;
      const wrong = start ?? (await take(lines.push(chunk)));
      if (wrong !== null) return await fail(wrong);
      if (write.superseded()) return { kind: "superseded" };
      if (rows === null && bytesRead > 4 * maxLineLength) return await fail(firstTooLong);
    }
    const wrong = await take(lines.end());
    if (wrong !== null) return await fail(wrong);
    if (rows === null) return await fail("The file is empty.");
    await addRows((rows as RowReader).end());
    const audience = await write.end("ready", bytesRead, null);
    return audience === null ? { kind: "superseded" } : { kind: "filled", audience };
  } catch (error) {
    await fail(describe(error)).catch(() => {});
    throw error;
  }
}

const firstTooLong = `The first line is longer than ${maxLineLength} characters. It has to name the columns.`;

function cellsOf(line: Extract<Line, { kind: "line" }>, delimiter: string): readonly string[] {
  const reader = createRowReader(delimiter);
  const [row] = [...reader.push([line]), ...reader.end()];
  return row?.kind === "row" ? row.fields : line.text.split(delimiter);
}

function headerError(
  line: number,
  { column, problem }: { column: string | null; problem: string },
): LineError {
  return { line, column, code: "wrong_columns", problem };
}

function memberIn(header: Header, row: Row): ReadMember {
  if (row.kind === "row") return memberOfRow(header, row.line, row.fields);
  return { kind: "error", error: { line: row.line, column: null, code: row.code, problem: row.problem } };
}

/** Gathers what was read, and commits it a thousand lines at a time. */
export function createWriter(sql: Sql, of: Upload) {
  let members: Member[] = [];
  let errors: LineError[] = [];
  let errorsKept = 0;
  let columns: readonly string[] | undefined;
  let isSuperseded = false;

  async function commit(state: AudienceState, bytesRead: number, problem?: string): Promise<Audience | null> {
    const [taken, wrong] = [members, errors];
    members = [];
    errors = [];
    const audience = await withTenants(sql, [of.tenant], async (tx) => {
      const added = await addMembers(tx, of, taken);
      const duplicates = taken.filter(({ line }) => !added.has(line));
      const named = [...wrong, ...duplicates.map(duplicateOf)].sort((a, b) => a.line - b.line);
      await addErrors(tx, of, named.slice(0, Math.max(0, maxErrors - errorsKept)));
      errorsKept += named.length;
      return noteProgress(tx, of, {
        state,
        bytesRead,
        rows: taken.length + wrong.length,
        recipients: added.size,
        invalid: wrong.length,
        duplicates: duplicates.length,
        ...(columns !== undefined && { columns }),
        ...(problem !== undefined && { problem }),
      });
    });
    isSuperseded ||= audience === null;
    return audience;
  }

  return {
    columns(names: readonly string[]) {
      columns = names;
    },
    async add(read: readonly ReadMember[], bytesRead: number): Promise<void> {
      for (const one of read) {
        if (one.kind === "member") members.push(one.member);
        else errors.push(one.error);
      }
      if (members.length + errors.length >= chunkLines) await commit("reading", bytesRead);
    },
    superseded: () => isSuperseded,
    end: (state: "ready" | "failed", bytesRead: number, problem: string | null) =>
      commit(state, bytesRead, problem ?? undefined),
  };
}

function duplicateOf({ line }: Member): LineError {
  return { line, column: null, code: "duplicate", problem: "is the same person as in a line before." };
}
