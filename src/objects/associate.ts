import { RECORDS } from '../resources/records/index.ts'
import { objectAssociations } from '../resources/records/object-associations.ts'
import {
  createRecords,
  deleteRecords,
  hasId,
  loadObjectIds,
  type RecordResource,
  type RecordRow,
  type RecordScope,
  updateRecords,
} from '../store/records/index.ts'
import {
  type End,
  type OpenPairs,
  openPairs,
  type Pair,
  type PairInput,
  type TieDocument,
} from './association-pairs.ts'
import { type AssociationType, plainType } from './association-types.ts'
import type { ObjectType } from './types.ts'

/** What is going to be written, worked out without the database. */
export class TieChanges {
  readonly #open: OpenPairs
  /** Key of a tie that is stored, or is going to be -> its document. */
  readonly #ties = new Map<string, TieDocument>()
  readonly #stored = new Map<string, string>()
  readonly #fields = new Map<string, string | null>()

  constructor(open: OpenPairs) {
    this.#open = open
    for (const { id, document } of open.rows) {
      this.#stored.set(keyOf(document), id)
      this.#ties.set(keyOf(document), document)
    }
  }

  /** What the field of an end says, or is going to say. */
  fieldOf(end: End): string | null {
    const { field } = this.#open
    const changed = this.#fields.get(end.id)
    return changed === undefined ? ((end.document[field?.field ?? ''] as string | undefined) ?? null) : changed
  }

  setField(end: End, id: string | null): void {
    this.#fields.set(end.id, id)
  }

  /** What is implied becomes what somebody asked for, and never the other way round. */
  add(
    a: Pick<End, 'id' | 'objectId'>,
    b: Pick<End, 'id' | 'objectId'>,
    type: AssociationType,
    isImplied: boolean = false,
  ): void {
    const { first, second } = this.#open
    const document: TieDocument = {
      fromType: first.typeId,
      fromId: a.id,
      fromObjectId: a.objectId,
      toType: second.typeId,
      toId: b.id,
      toObjectId: b.objectId,
      category: type.category,
      typeId: type.typeId,
      inverseTypeId: type.inverseTypeId,
      ...(type.labelId === undefined ? {} : { labelId: type.labelId }),
      ...(isImplied ? { implied: true } : {}),
    }
    const known = this.#ties.get(keyOf(document))
    if (known === undefined || (known.implied && !isImplied)) this.#ties.set(keyOf(document), document)
  }

  remove(matches: (tie: TieDocument) => boolean): void {
    for (const [key, document] of [...this.#ties]) if (matches(document)) this.#ties.delete(key)
  }

  some(matches: (tie: TieDocument) => boolean): boolean {
    return [...this.#ties.values()].some(matches)
  }

  /**
   * Four statements at most, whatever the number of pairs. What a field says no more, and a record says from now on, was never
   * gone: removals are told before what is added, each at a moment of its own.
   */
  async write(scope: RecordScope): Promise<RecordRow[]> {
    const { field, rows } = this.#open
    const gone = [...this.#stored].flatMap(([key, id]) => (this.#ties.has(key) ? [] : [id]))
    const made = [...this.#ties].flatMap(([key, document]) => (this.#stored.has(key) ? [] : [{ document }]))
    const asked = rows.flatMap(({ id, document }) =>
      document.implied && this.#ties.get(keyOf(document))?.implied === undefined ? [id] : [],
    )
    let atMs = Math.max(scope.author.atMs, ...rows.map(({ updatedAt }) => updatedAt.getTime() + 1))
    if (gone.length > 0) await deleteRecords(scope, objectAssociations, hasId(gone))
    if (field !== null && this.#fields.size > 0) {
      const written = await updateRecords(
        at(scope, atMs + 1),
        RECORDS.get(field.kind) as RecordResource,
        hasId([...this.#fields.keys()]),
        ({ id, document }) => ({ ...document, [field.field]: this.#fields.get(id) }),
      )
      atMs = Math.max(atMs + 1, ...written.map(({ updatedAt }) => updatedAt.getTime()))
    }
    await askFor(
      scope,
      asked.filter((id) => !gone.includes(id)),
    )
    return made.length === 0 ? [] : await createRecords(at(scope, atMs + 1), objectAssociations, made)
  }
}

/** Makes implied ties what somebody asked for. Nothing is told of it: to whoever reads it is the same. */
export async function askFor(scope: RecordScope, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await updateRecords(scope, objectAssociations, hasId(ids), ({ document }) => ({ ...document, implied: null }))
}

const at = (scope: RecordScope, atMs: number): RecordScope => ({ ...scope, author: { ...scope.author, atMs } })

const keyOf = ({ fromId, toId, category, typeId }: TieDocument) => `${fromId} ${toId} ${category} ${typeId}`

export const isBetween =
  ({ a, b }: Pair, type?: AssociationType) =>
  ({ fromId, toId, category, typeId }: TieDocument): boolean =>
    fromId === a.id && toId === b.id && (type === undefined || (category === type.category && typeId === type.typeId))

/** The pairs that were there, and those of which an end is not. */
export type Associated = Pick<OpenPairs, 'pairs' | 'missing' | 'field' | 'owner'>

/**
 * Associates objects of two types, all of them in the same few statements. The first company of a contact, a deal or a
 * ticket is its primary one; whoever becomes it later takes the place of the one before, which stays associated. 400 for
 * a type of association that does not lead from the one to the other.
 */
export async function associate(
  scope: RecordScope,
  ends: { from: ObjectType; to: ObjectType },
  inputs: readonly PairInput[],
): Promise<Associated> {
  const open = await openPairs(scope, ends, inputs)
  const changes = new TieChanges(open)
  const numbers = await numbersOfNamed(scope, open)
  for (const pair of open.pairs) {
    if (open.field !== null) tieByField(open, changes, pair, numbers)
    else tie(open, changes, pair)
  }
  await changes.write(scope)
  return open
}

/** What is named by a field that is going to name another one: it stays associated, and is told of by its number. */
function numbersOfNamed(scope: RecordScope, { field, owner, pairs }: OpenPairs): Promise<Map<string, number>> {
  if (field === null || !field.isPrimary) return Promise.resolve(new Map())
  const named = pairs
    .filter(({ types }) => types.some(({ isPrimary }) => isPrimary))
    .flatMap((pair) => {
      const id = pair[owner].document[field.field]
      return typeof id === 'string' ? [{ kind: field.namedKind, id }] : []
    })
  return loadObjectIds(scope.tx, scope.locationId, named)
}

function tieByField(open: OpenPairs, changes: TieChanges, pair: Pair, numbers: ReadonlyMap<string, number>): void {
  const { field, owner, first, second } = open
  const plain = plainType(first.typeId, second.typeId)
  const [mine, other] = [pair[owner], pair[owner === 'a' ? 'b' : 'a']]
  const current = changes.fieldOf(mine)
  const wantsPrimary = field?.isPrimary === true && pair.types.some(({ isPrimary }) => isPrimary)
  if (current === null || (wantsPrimary && current !== other.id)) {
    changes.setField(mine, other.id)
    changes.remove(isBetween(pair, plain))
    const number =
      current === null ? undefined : (numbers.get(`${field?.namedKind} ${current}`) ?? numberIn(open, current))
    if (current !== null && number !== undefined) {
      const before = { id: current, objectId: number }
      if (owner === 'a') changes.add(mine, before, plain)
      else changes.add(before, mine, plain)
    }
  } else if (current !== other.id) changes.add(pair.a, pair.b, plain, isLabelled(pair))
  for (const type of pair.types) if (type.labelId !== undefined) changes.add(pair.a, pair.b, type)
}

/** Nothing but labels is asked for. */
const isLabelled = ({ types }: Pair) => types.length > 0 && types.every(({ labelId }) => labelId !== undefined)

/** The field may name what an earlier pair of the same request put there. */
const numberIn = ({ pairs, owner }: OpenPairs, id: string): number | undefined =>
  pairs.map((pair) => pair[owner === 'a' ? 'b' : 'a']).find((end) => end.id === id)?.objectId

function tie({ owner, primary, first, second }: OpenPairs, changes: TieChanges, pair: Pair): void {
  changes.add(pair.a, pair.b, plainType(first.typeId, second.typeId), isLabelled(pair))
  for (const type of pair.types) if (!type.isPrimary) changes.add(pair.a, pair.b, type)
  if (primary === null) return
  const mine = owner === 'a' ? 'fromId' : 'toId'
  const isCurrent = (one: TieDocument) =>
    one[mine] === pair[owner].id && one.category === primary.category && one.typeId === primary.typeId
  if (pair.types.some(({ isPrimary }) => isPrimary)) changes.remove((one) => isCurrent(one) && !isBetween(pair)(one))
  else if (changes.some(isCurrent)) return
  changes.add(pair.a, pair.b, primary)
}
