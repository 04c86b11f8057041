/*
 * The change log: what was written, in the transaction that wrote it. Histories, roll-backs and "as it was" read
 * nothing else.
 */

export {
  type Author,
  appendChange,
  type ChangeOp,
  insertChanges,
  insertChangeTexts,
  insertDeletions,
  type TimedChange,
  textOfChange,
} from './append.ts'
export { collectWritten } from './collect.ts'
export { emptyChanges } from './forgetting.ts'
export { type ChangeRow, findWritten, listChanges, listChangesOf, listDeletions } from './history.ts'
export { firstChangeOf, firstIdAt, numberedChangeId } from './ids.ts'
export { ensureChangePartitions } from './partitions.ts'
