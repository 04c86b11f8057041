import type { Tx } from '../db/pool.ts'
import { type AssetResource, getBlobs } from '../store/assets/index.ts'
import { naturalKey } from '../store/natural-key.ts'
import { NAMED, type Naming, tellBare } from './bare-tags.ts'
import type { Json } from './diff.ts'
import { type Going, goneOf, type Told, tellRecords, tellReferences } from './going.ts'
import { loadNames } from './load-names.ts'
import { tellLostSettings } from './lost-settings.ts'
import { tellMergeTags } from './merge-tags.ts'
import { findMissing, holdersIn, type Written } from './missing.ts'
import { tellMissing } from './nowhere.ts'
import { addLabels, lostParts, type PartNames, subjectOf } from './part-names.ts'
import type { PushRow } from './push.ts'
import type { RefNames } from './ref-names.ts'
import { REPLACED } from './undo-adopted.ts'
import { countLeaving, pipelinesOf } from './undo-stages.ts'
import type { Undoing, UndoOptions } from './undoing.ts'

interface Undo {
  push: PushRow
  undoings: readonly Undoing[]
  options: UndoOptions
  resources: ReadonlyMap<string, AssetResource>
  /** What assets are called, `kind:lineage`. */
  names: RefNames
  parts: PartNames
}

/** What a roll-back would break: the same that a push tells (consequences.ts). */
export async function tellUndoing(tx: Tx, { push, undoings, options, resources, names, parts }: Undo): Promise<Told[]> {
  const nounOf = (kind: string) => resources.get(kind)?.noun ?? kind
  const removed = undoings
    .filter(({ act, reason }) => act === 'remove' && reason !== REPLACED)
    .map((undoing) => goingOf(undoing, null, `the ${nounOf(undoing.trace.kind)}`))
  const restored = undoings.filter(({ act }) => act === 'restore')
  const returned = undoings.filter(({ act }) => act === 'return')
  if (removed.length + restored.length + returned.length === 0)
    return tellBare(tx, undoings.flatMap(namingOf), new Set())
  const going = [...removed, ...(await leavingParts(tx, restored, parts))]
  const locationIds = [...new Set(undoings.map(({ trace }) => trace.locationId))]
  const own = await loadNames(tx, locationIds)
  const written = [...restored, ...returned].map(toWritten)
  const unlinked = new Set(undoings.flatMap(unlinkedBy))
  const missing = await findMissing(tx, {
    written,
    fresh: new Map(),
    gone: goneOf(going),
    arriving: new Set(returned.flatMap(arrivingAs)),
    isUnlinked: (locationId, ref) => unlinked.has(`${locationId}/${ref}`),
    names: own,
    holders: holdersIn(resources),
    isSure: () => false,
    findSureParts: async () => () => false,
  })
  const telling = {
    deed: 'this roll-back',
    snapshotId: push.snapshotId,
    names,
    parts,
    own,
    nounOf,
    unknown: 'which the sub-account does not have',
  }
  return [
    ...(await tellRecords(tx, going, 0)),
    // What opportunities stand in goes, too.
    ...(options.override ? await tellStages(tx, { push, undoings, parts }) : []),
    ...(await tellBare(tx, undoings.flatMap(namingOf), goneOf(going))),
    ...(await tellReferences(
      tx,
      going,
      new Set(restored.map(({ trace }) => `${trace.locationId}/${trace.kind}/${trace.id}`)),
    )),
    ...(await tellMergeTags(tx, {
      going,
      rekeyed: restored.map((undoing) => ({ ...goingOf(undoing, null, ''), key: undoing.key })),
      coming: new Set([...restored, ...returned].map(({ trace, key }) => `${trace.locationId}/${trace.kind}/${key}`)),
      written,
      fresh: new Map(),
      resources,
    })),
    ...(await tellLostSettings(tx, { written: restored.map(toWritten), fresh: new Map(), resources, parts })),
    ...(await tellMissing(tx, missing, { ...telling, explain: () => null, explainPart: () => null })),
  ]
}

function goingOf({ trace, name }: Undoing, part: string | null, what: string): Going {
  const { locationId, kind, lineage, id } = trace
  return { locationId, kind, lineage, name, id, part, what }
}

/** What is returned was the contacts' own; what a person deleted is so, too, but may be told of. */
function namingOf({ trace: { locationId, kind, lineage, name: now }, act, name }: Undoing): Naming[] {
  const isNamed = act === 'revive' || (act === 'restore' && naturalKey(now ?? '') !== naturalKey(name))
  return kind === NAMED && isNamed ? [{ locationId, lineage, name }] : []
}

function toWritten({ trace, act, name }: Undoing): Written {
  const { locationId, kind, lineage, id, before, now } = trace
  return { locationId, kind, lineage, name, id: act === 'return' ? null : id, hash: before as string, mine: now }
}

/** The lineage by which the push had matched it, and which leads nowhere again. */
function unlinkedBy({ trace: { locationId, kind, lineage, delta, pairPush, leftPush }, act }: Undoing): string[] {
  const ends =
    (act === 'restore' || act === 'unpair') && delta?.byAlias === true && delta.alias == null && pairPush === leftPush
  return ends ? [`${locationId}/${kind}:${lineage}`] : []
}

/** All lineages that reach what comes back. */
function arrivingAs({ trace: { locationId, kind, lineage, delta } }: Undoing): string[] {
  return [lineage, delta?.own ?? lineage, ...(delta?.aliases ?? []).map((alias) => alias.lineage)].map(
    (one) => `${locationId}/${kind}:${one}`,
  )
}

/** Parts that the documents of before do not have. */
async function leavingParts(tx: Tx, restored: readonly Undoing[], parts: PartNames): Promise<Going[]> {
  const blobs = await getBlobs(
    tx,
    restored.flatMap(({ trace }) => [trace.now as string, trace.before as string]),
  )
  return restored.flatMap((undoing) => {
    const { kind, now, before } = undoing.trace
    const gone = lostParts(blobs.get(now as string)?.parts ?? [], blobs.get(before as string)?.parts ?? [])
    if (gone.length > 0)
      addLabels(parts, JSON.parse(blobs.get(now as string)?.text ?? 'null') as Json, {
        kind,
        name: undoing.trace.name ?? undoing.name,
      })
    return gone.map((part) => goingOf(undoing, part, subjectOf(parts, part)))
  })
}

/** Stages of pipelines that stay. */
async function tellStages(
  tx: Tx,
  { push, undoings, parts }: Pick<Undo, 'push' | 'undoings' | 'parts'>,
): Promise<Told[]> {
  return (await countLeaving(tx, undoings, { push, pipelines: pipelinesOf(undoings) })).flatMap(
    ({ undoing, part, count }) => {
      if (part === null || count <= 0) return []
      const { locationId, kind, lineage } = undoing.trace
      const why = `${subjectOf(parts, part)} goes, and records name it`
      return [
        { locationId, warning: { kind, lineage, name: undoing.name, why, records: { kind: 'opportunities', count } } },
      ]
    },
  )
}
