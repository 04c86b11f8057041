import type { Tx } from '../db/pool.ts'
import { type AssetDocument, type AssetResource, getBlobs, keyOf, titleOf } from '../store/assets/index.ts'
import type { Move } from './keys.ts'
import type { Outcome } from './options.ts'
import type { PushRow } from './push.ts'
import { readParts } from './rollback-parts.ts'
import { DELETED, keepsToRest } from './rollback-rest.ts'
import { readTraces, type Trace } from './traces.ts'
import { makeRoom, takeOver } from './undo-adopted.ts'
import { keepStages } from './undo-stages.ts'
import { keepsTo } from './wanted.ts'

export interface UndoOptions {
  /** Also what has been changed since. */
  override: boolean
  /** Nothing but these assets. */
  only?: { kind: string; lineage: string }[]
  /** Nothing but what this roll-back of the same push has kept. */
  restOf?: string
}

/** What is done about one asset, and what is told of it. */
export interface Undoing {
  trace: Trace
  /**
   * remove: what the push created; return: what it deleted; restore: content and pair; revive: the same for what a
   * person has deleted since; unpair: the pair alone; unbury: what is known of the pair since the asset was deleted;
   * leave: nothing.
   */
  act: 'remove' | 'return' | 'restore' | 'revive' | 'unpair' | 'unbury' | 'leave'
  outcome: Outcome
  reason: string | null
  name: string
  key: string | null
}

interface Planning {
  push: PushRow
  options: UndoOptions
  locationIds: readonly string[]
  resources: ReadonlyMap<string, AssetResource>
  /** The roll-back that does it; undefined: one that would begin now. */
  before?: string
}

/** What a roll-back would do, without doing it: only edits of people are in its way. */
export async function planUndoing(
  tx: Tx,
  { push, options, locationIds, resources, before }: Planning,
): Promise<readonly Undoing[]> {
  const isRest = await keepsToRest(tx, options, locationIds)
  const parts = await readParts(tx, push, locationIds, before)
  const all = await readTraces(tx, push, locationIds, resources)
  const traces = all.filter(keepsTo(options)).filter((trace) => isRest(trace) && (parts?.isOpen(trace) ?? true))
  const documents = await readBefore(tx, traces)
  const undoings = traces.map((trace) => {
    const resource = resources.get(trace.kind) as AssetResource
    const before = trace.before === null ? undefined : documents.get(trace.before)
    const name =
      before === undefined || trace.op === 'delete'
        ? (trace.delta?.name ?? trace.name ?? '')
        : titleOf(resource, before)
    const key =
      before === undefined ? null : trace.op === 'delete' ? (trace.delta?.uniqueKey ?? null) : keyOf(resource, before)
    return {
      trace,
      name: trace.op === 'create' ? (trace.name ?? name) : name,
      key,
      ...verdictOf(trace, options.override),
    }
  })
  const free = await refuseTakenKeys(tx, undoings, { push, resources })
  return options.override ? free : keepStages(tx, free, push)
}

function verdictOf(trace: Trace, override: boolean): Pick<Undoing, 'act' | 'outcome' | 'reason'> {
  const { op, now, after } = trace
  const leave = (reason: string | null, outcome: Outcome = 'kept') => ({ act: 'leave' as const, outcome, reason })
  if (trace.delta?.buried !== undefined)
    return now === null ? { act: 'unbury', outcome: 'unchanged', reason: null } : leave(null, 'unchanged')
  // A new asset goes only as it came: a value or a status that the client has set since is work, too.
  if (op === 'create') {
    if (now === null) return { act: 'unbury', outcome: 'unchanged', reason: null }
    return override || (now === after && !trace.isEdited)
      ? { act: 'remove', outcome: 'deleted', reason: null }
      : leave('changed since the push')
  }
  if (op === 'delete')
    return now === null ? { act: 'return', outcome: 'created', reason: null } : leave('made again since the push')
  if (now === null && override && trace.isBuried && trace.before !== after)
    return { act: 'revive', outcome: 'created', reason: null }
  if (now === null) return { act: 'unbury', outcome: 'kept', reason: DELETED }
  // What was adopted may read differently since: what it names led nowhere until the push met it.
  if (trace.before === after || now === trace.before) return { act: 'unpair', outcome: 'unchanged', reason: null }
  return override || now === after
    ? { act: 'restore', outcome: 'updated', reason: null }
    : leave('changed since the push')
}

async function readBefore(tx: Tx, traces: readonly Trace[]): Promise<Map<string, AssetDocument>> {
  const hashes = traces.flatMap(({ before }) => (before === null ? [] : [before]))
  return new Map(
    [...(await getBlobs(tx, hashes))].map(([hash, blob]) => [hash, JSON.parse(blob.text) as AssetDocument]),
  )
}

/** What would come back to a key that another asset has taken since stays as it is. */
async function refuseTakenKeys(
  tx: Tx,
  undoings: readonly Undoing[],
  { push, resources }: { push: PushRow; resources: ReadonlyMap<string, AssetResource> },
): Promise<Undoing[]> {
  const taken = new Set<Undoing>()
  const replaced: Undoing[] = []
  for (const [kind, resource] of resources) {
    if (resource.unique === null) continue
    const ofKind = undoings.filter((undoing) => undoing.trace.kind === kind)
    const moves = ofKind
      .filter(({ act }) => act === 'restore' || act === 'return' || act === 'revive')
      .map((undoing): Move & { undoing: Undoing } => ({
        undoing,
        locationId: undoing.trace.locationId,
        id: undoing.act === 'restore' ? undoing.trace.id : null,
        from: undoing.act === 'restore' ? undoing.trace.key : null,
        to: undoing.key,
      }))
    const leaving = new Set(
      ofKind.filter(({ act }) => act === 'remove').map(({ trace }) => `${trace.locationId}/${trace.id}`),
    )
    const found = await takeOver(tx, { push, kind, moves, leaving })
    for (const move of found.taken) taken.add(move.undoing)
    replaced.push(...found.replaced)
  }
  const left = undoings.map((undoing): Undoing => {
    if (!taken.has(undoing)) return undoing
    const { noun } = resources.get(undoing.trace.kind) as AssetResource
    const reason = `the target has another ${noun} with the key ${undoing.key}: ${makeRoom(undoing)}, and roll back again`
    return { ...undoing, act: 'leave', outcome: 'kept', reason, name: undoing.trace.name ?? undoing.name }
  })
  return [...left, ...replaced]
}
