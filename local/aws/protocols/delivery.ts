// An operation may have changed something on the strength of its answer: a received message is hidden from others.
// When the caller has gone before the answer reached it, whoever serves the operation says so here, and the change is
// undone. Callers in the same process always get their answers and need not know of this.
const undoings = new WeakMap<object, () => void>();

/** For a service: what to undo when `answer` turns out not to have reached its caller. */
export function whenUndelivered(answer: object, undo: () => void): void {
  undoings.set(answer, undo);
}

/** For a server: `answer` did not reach its caller. Does its work once. */
export function reportUndelivered(answer: object): void {
  const undo = undoings.get(answer);
  undoings.delete(answer);
  undo?.();
}
