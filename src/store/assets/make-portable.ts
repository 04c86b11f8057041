import type { Tx } from '../../db/pool.ts'
import { invalid } from '../../errors.ts'
import { readMarkers } from '../markers.ts'
import { getBlobs } from './blobs.ts'
import { collectIds } from './ids-of-document.ts'
import { findLineages } from './lineages.ts'
import { findEarlierParts, findHeldParts, findPartAliases, partsOfKind } from './part-lineages.ts'
import { type PortableDocument, toPortable } from './portable.ts'
import { givenParts } from './portable-parts.ts'
import type { AssetDocument, AssetResource } from './resource.ts'
import type { AssetScope } from './scope.ts'

/** What a stored document names: assets as `kind:lineage`, and parts, its own apart. */
interface Named {
  refs: readonly string[]
  parts: readonly string[]
  foreignParts: ReadonlySet<string>
  /** Its own parts. */
  ownParts: ReadonlySet<string>
  text: string
}

const NOTHING: Named = { refs: [], parts: [], foreignParts: new Set(), ownParts: new Set(), text: 'null' }

export async function readNamed(tx: Tx, hash: string): Promise<Named> {
  const blob = (await getBlobs(tx, [hash])).get(hash)
  if (blob === undefined) return NOTHING
  const { parts } = readMarkers(blob.text)
  const ownParts = new Set(blob.parts)
  return { refs: blob.refs, parts, foreignParts: new Set(parts).difference(ownParts), ownParts, text: blob.text }
}

/**
 * An asset that a document is to stand in, and what its document named until now: it may go on naming a part of another
 * asset that is gone since.
 */
interface Standing {
  id: string
  before: Named
}

export async function makePortable(
  scope: AssetScope,
  resource: AssetResource,
  document: AssetDocument,
  standing: Standing,
): Promise<PortableDocument> {
  return (await makeAllPortable(scope, resource, [document], standing))[0] as PortableDocument
}

/** The same statements for any number of documents. Without `standing` they are of new assets. */
export async function makeAllPortable(
  scope: AssetScope,
  resource: AssetResource,
  documents: readonly AssetDocument[],
  standing: Standing | null = null,
): Promise<PortableDocument[]> {
  const before = standing?.before ?? NOTHING
  const { tx, locationId } = scope
  const collected = documents.map((document) => collectIds(resource, document))
  const ids = collected.flatMap((one) => one.ids)
  const loose = collected.flatMap((one) => one.loose)
  const lineageOf = await findLineages(tx, locationId, scope.kinds, ids, before.refs)
  const holders = [...new Set(Object.values(resource.partRefs))].filter((kind) => kind !== resource.kind)
  const partsByKind = new Map<string, Set<string>>()
  for (const kind of holders) partsByKind.set(kind, await partsOfKind(tx, locationId, kind))
  const partAliases = await findPartAliases(tx, locationId, before.parts)
  const hasPart = (kind: string, lineage: string) =>
    before.foreignParts.has(lineage) || (partsByKind.get(kind)?.has(lineage) ?? false)
  const held = await findHeldParts(tx, locationId, loose, partAliases)
  const heldPart = (id: string) => held.get(id) ?? null
  const given = documents
    .flatMap((document) => givenParts({ resource, locationId, document, partAliases }))
    .filter((part) => !before.ownParts.has(part))
  const earlier =
    standing === null
      ? new Set()
      : await findEarlierParts(tx, { locationId, kind: resource.kind, id: standing.id }, given)
  const isOwn = (lineage: string) => before.ownParts.has(lineage) || earlier.has(lineage)
  return documents.map((document) => {
    const result = toPortable({ resource, locationId, document, lineageOf, partAliases, hasPart, heldPart, isOwn })
    if ('faults' in result) throw invalid(result.faults)
    return result.portable
  })
}
