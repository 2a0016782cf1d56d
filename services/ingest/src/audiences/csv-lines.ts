/** Bytes of a file into its lines, as they come: never more in memory than one part and one line. */

export type Line =
  | { kind: "line"; no: number; text: string }
  /** Longer than any row may be; what it said is not kept. */
  | { kind: "too_long"; no: number };

/** Characters of a line at most. */
export const maxLineLength = 64 * 1024;

export type LineReader = {
  /** The lines that this part completes. */
  push(bytes: Uint8Array): Line[];
  /** The last line, where the file does not end with a line break. */
  end(): Line[];
};

/**
 * Lines end with LF or CR LF. A byte-order mark is left out; a byte that is no UTF-8 becomes U+FFFD, which the reader of a row
 * refuses.
 */
export function createLineReader(maxLength = maxLineLength): LineReader {
  const decoder = new TextDecoder("utf-8");
  let no = 1;
  let rest = "";
  let tooLong = false;

  function take(text: string): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      lines.push(lineOf(rest + text.slice(start, end)));
      rest = "";
      start = end + 1;
    }
    rest += text.slice(start);
    if (rest.length > maxLength) {
      tooLong = true;
      rest = "";
    }
    return lines;
  }

  function lineOf(text: string): Line {
    const found: Line =
      tooLong || text.length > maxLength
        ? { kind: "too_long", no }
        : { kind: "line", no, text: text.endsWith("\r") ? text.slice(0, -1) : text };
    tooLong = false;
    no++;
    return found;
  }

  return {
    push: (bytes) => take(decoder.decode(bytes, { stream: true })),
    end() {
      const lines = take(decoder.decode());
      return rest === "" && !tooLong ? lines : [...lines, lineOf(rest)];
    },
  };
}
