/*
 * Records: CRM data, in one table for all kinds.
 *
 * To add a kind, write `src/resources/records/KIND.ts` with `record({...})` and list it in
 * `src/resources/records/index.ts`. `search` names the fields that full-text search reads, `exact` the fields that are
 * filtered by value: both are served by one index for every kind and location, so most kinds need no SQL of their own.
 * `contactId` has an index in every kind. What needs another index gets it in a migration, on its partition.
 *
 * Reading (reads.ts; `db` is `ctx.db`): `getRecord` (404), `findRecord` (null), `listRecords`, `countRecords`,
 * `pageRecords` (rows with cursors, and the exact total), `findDeletedRecord`. They take a resource, or just
 * `{ kind, noun }` of one that lives elsewhere, and the location. Conditions and orders come from conditions.ts and order.ts
 * (`equals`, `isOneOf`, `hasId`, `allOf`, `anyOf`, `not`; `byCreation`, `byUpdate`, `byText`) and terms.ts
 * (`matchesWords`, `hasTerm`).
 *
 * const { records, total } = await pageRecords(ctx.db, tasks, ctx.locationId, { where: equals('contactId', id), limit:
 * 20 })
 *
 * Writing (creation.ts, edits.ts, deletion.ts; `scope` is `ctx.scope`): `createRecord`, `updateRecord`, `deleteRecord`
 * and their set-based forms, which cost one or two statements for any number of rows. What others refer to is deleted
 * by removal.ts. Never call a singular one in a loop. Each write and its `change` row are one statement; the change
 * tells old and new values of exactly the top-level fields that differ: `{field: [old, new]}`, with null for a field
 * that is not there. An update that changes nothing writes nothing. Documents hold no nulls: setting a field to null or
 * undefined removes it. Documents are checked against the schema (422).
 *
 * Two writers of one record wait for each other. Rules over several records ("no second contact with this e-mail") need
 * a lock of their own: `lockIdentity` (identity.ts).
 */

export {
  allOf,
  anyOf,
  bagHolds,
  type Condition,
  equals,
  fieldText,
  hasId,
  hasObjectId,
  isAbsent,
  isOneOf,
  not,
} from './conditions.ts'
export { sumCounts } from './counts.ts'
export { createRecord, createRecords } from './creation.ts'
export { deleteRecord, deleteRecords } from './deletion.ts'
export { deltaOf } from './delta.ts'
export { updateRecord, updateRecords, updateSeen } from './edits.ts'
export { deleteFiles, streamFile, writeFile } from './files.ts'
export { forgetRecord } from './forgetting.ts'
export { writeGathered } from './gathered-writes.ts'
export { findByIdentity } from './identities.ts'
export { emailsOf, type Identity, lockIdentity, lockNames, ownOf, phonesOf } from './identity.ts'
export { hasRecord, holds, isCreatedBetween, isNamedBy, missingRecords, refersTo } from './links.ts'
export { holdRecord, lockRows } from './locks.ts'
export { pageByMoment } from './moment-pages.ts'
export { moveRefs } from './moving-refs.ts'
export { shownRecordName } from './names.ts'
export { findByObjectId, isFrom, listDeleted, listObjectIds, objectIdsOf } from './object-ids.ts'
export {
  countReverted,
  type Move,
  moveOpportunities,
  type Revert,
  type Reverted,
  revertMoves,
} from './opportunity-moves.ts'
export { byCreation, byText, byUpdate, type Cursor, isAfter, type OrderKey } from './order.ts'
export { updateNamed } from './pages.ts'
export { pageRecords } from './paging.ts'
export {
  countRecords,
  findDeletedRecord,
  findRecord,
  getRecord,
  listFields,
  listRecords,
  type RecordRow,
  recordsOfExternalIds,
} from './reads.ts'
export { locationsNaming, names, type Removal, removeRecords, settleRefs } from './removal.ts'
export { OF_CONTACT, type RecordDocument, type RecordKind, type RecordResource, record, TO_USER } from './resource.ts'
export { lockDeleted, mergeInto, restoreRecord } from './restoring.ts'
export { type NewRecord, newRow, nextRow } from './rows.ts'
export { holdStages, lockStages } from './stage-holds.ts'
export { type Asked, countStanding, type RecordsStanding } from './standing.ts'
export type { RecordScope } from './statements.ts'
export { holdTagNames, lockTagNames } from './tag-names.ts'
export { type NameTaken, renameTagOnContacts, type TagRename } from './tag-renames.ts'
export { hasTerm, matchesWords, termsOf } from './terms.ts'
export {
  isTiedTo,
  listTieRows,
  listTies,
  loadNumbers,
  loadObjectIds,
  lockByObjectId,
  type Tie,
  type TieEnd,
  type TieQuestion,
} from './ties.ts'
