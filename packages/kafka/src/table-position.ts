/** How far a table has read one partition, and whether that is all there was at its start. Pure. */
export type Position = {
  partition: number;
  /** Offset to be read next. */
  next: bigint;
  /** End of the log at the start. */
  end: bigint;
  /** Answers of the broker in a row that held no record of any partition. */
  emptyAnswers: number;
  reached: boolean;
};

/**
 * Compaction may leave a batch without records at the end of a log: the offset before the end is then never handed over. A
 * broker that throttles answers with nothing too, so it takes two seconds of empty answers to believe it.
 */
const believedEmpty = 20;

export function startPosition(partition: number, low: bigint, end: bigint): Position {
  return { partition, next: low, end, emptyAnswers: 0, reached: low >= end };
}

/** `lastOffset`: of the last record in this partition's part of the answer, null for none; `nothing`: the whole answer was empty. */
export function afterAnswer(position: Position, lastOffset: bigint | null, nothing: boolean): Position {
  const after = lastOffset === null ? position.next : lastOffset + 1n;
  const next = after > position.next ? after : position.next;
  const emptyAnswers = nothing ? position.emptyAnswers + 1 : 0;
  const reached = position.reached || next >= position.end || emptyAnswers >= believedEmpty;
  return { ...position, next, emptyAnswers, reached };
}
