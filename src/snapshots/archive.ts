import { Type } from 'typebox'
import type { Db, Tx } from '../db/pool.ts'
import { AppError, invalid } from '../errors.ts'
import {
  type AssetDocument,
  type AssetResource,
  getBlobs,
  isIdOf,
  keyOf,
  type NewBlob,
  portableFaultsOf,
  putBlobs,
  titleOf,
} from '../store/assets/index.ts'
import { type BlobHash, canonicalJson, hashText } from '../store/hash.ts'
import { readMarkers } from '../store/markers.ts'
import { faultsOf } from '../store/validate.ts'
import { type Entry, rootOf, storeVersion } from './capture.ts'
import { partsIn } from './combine.ts'
import { insertSnapshot, readEntries, type SnapshotRow, type VersionRow } from './snapshots.ts'

/** Format of the archive: one JSON text a line, the first one the header. */
const FORMAT = 1
const Header = Type.Object(
  { tintype: Type.String({ maxLength: 20 }), name: Type.Optional(Type.String()) },
  { additionalProperties: true },
)
const DOCUMENTS_AT_ONCE = 500
const MAX_ENTRIES = 100_000

/**
 * A version as lines of canonical JSON: the same version gives the same bytes. Streams; holds few documents at a time.
 */
export async function* exportArchive(db: Db, snapshot: SnapshotRow, version: VersionRow): AsyncGenerator<string> {
  const entries = await readEntries(db, snapshot.id, version.version)
  yield `${canonicalJson({ tintype: 'snapshot', format: FORMAT, name: snapshot.name, version: version.version, root: version.root, assets: version.counts })}\n`
  for (let start = 0; start < entries.length; start += DOCUMENTS_AT_ONCE) {
    const page = entries.slice(start, start + DOCUMENTS_AT_ONCE)
    const blobs = await getBlobs(
      db,
      page.map((entry) => entry.hash),
    )
    for (const { kind, lineage, hash, dependency } of page) {
      yield `${canonicalJson({ kind, lineage, hash, dependency, document: JSON.parse(blobs.get(hash)?.text ?? 'null') })}\n`
    }
  }
}

export interface ArchiveImport {
  agencyId: string
  /** Read as often as the transaction is tried. */
  file: { read(): AsyncIterable<Uint8Array> }
  resources: ReadonlyMap<string, AssetResource>
  /** Largest property of a document: what a location could neither have stored nor could store again is refused. */
  propertyBytes: number
}

/**
 * Stores an archive as a snapshot of this agency. Every document's hash and the root are checked, and that the
 * documents are such as a capture takes: locations read and store them like their own.
 */
export async function importArchive(tx: Tx, options: ArchiveImport, atMs: number): Promise<string> {
  const lines = linesOf(options.file.read())
  const header = parseLine((await lines.next()).value ?? '', 1)
  if (header.tintype !== 'snapshot')
    throw new AppError('bad_request', {
      reason: 'This is not a Tintype snapshot archive: its first line has no header.',
    })
  const unfit = faultsOf(Header, header)
  if (unfit.length > 0) throw invalid(unfit.map((fault) => `line 1: ${fault}`))
  if (header.format !== FORMAT)
    throw new AppError('bad_request', {
      reason: `The archive has format ${header.format}; this version of Tintype reads format ${FORMAT}.`,
    })
  const entries: Entry[] = []
  let blobs: NewBlob[] = []
  const faults: string[] = []
  const seen = new Set<string>()
  const keys = new Map<string, number>()
  let number = 1
  for await (const line of lines) {
    if (faults.length >= 20) break
    if (++number > MAX_ENTRIES + 1)
      throw new AppError('bad_request', { reason: `An archive may hold at most ${MAX_ENTRIES} assets.` })
    const { kind, lineage, hash, dependency, document } = parseLine(line, number)
    const resource = options.resources.get(String(kind))
    if (resource === undefined) faults.push(`line ${number}: ${JSON.stringify(kind)} is not a kind of asset`)
    else if (typeof lineage !== 'string' || !isIdOf(resource.idFormat, lineage))
      faults.push(`line ${number}: lineage is not an identifier`)
    else if (seen.has(`${kind}:${lineage}`)) faults.push(`line ${number}: ${kind} ${lineage} stands there twice`)
    else if (document === null || typeof document !== 'object' || Array.isArray(document))
      faults.push(`line ${number}: document must be an object`)
    else {
      seen.add(`${kind}:${lineage}`)
      const own = readDocument(
        resource,
        document as AssetDocument,
        { line: number, propertyBytes: options.propertyBytes },
        faults,
      )
      if (own === null) continue
      const key = keyOf(resource, document as AssetDocument)
      const taken = resource.unique === null || key === null ? undefined : keys.get(`${kind}:${key}`)
      if (taken !== undefined) faults.push(`line ${number}: its ${resource.unique} is that of line ${taken}`)
      keys.set(`${kind}:${key}`, number)
      if (own.hash !== hash)
        faults.push(`line ${number}: the document was altered: its hash is not ${String(hash).slice(0, 64)}`)
      const name = titleOf(resource, document as AssetDocument)
      entries.push({
        kind: resource.kind,
        lineage,
        name,
        key,
        hash: own.hash,
        dependency: dependency === true,
      })
      blobs.push({ ...own, refs: readMarkers(own.text).refs, parts: partsIn(document).sort() })
      if (blobs.length < DOCUMENTS_AT_ONCE) continue
      // What is refused in the end is undone with the transaction.
      await putBlobs(tx, blobs)
      blobs = []
    }
  }
  if (faults.length === 0 && rootOf(entries) !== header.root)
    faults.push('the archive is incomplete: its root hash does not fit its contents')
  if (faults.length > 0) throw invalid(faults)
  await putBlobs(tx, blobs)
  const name =
    typeof header.name === 'string' && header.name.trim() !== '' ? header.name.slice(0, 200) : 'Imported snapshot'
  const id = await insertSnapshot(
    tx,
    { agencyId: options.agencyId, name, type: 'imported', sourceLocationId: null, selection: {} },
    atMs,
  )
  await storeVersion(tx, id, entries, atMs)
  return id
}

/** Canonical text and hash of a document that a location could have; null, and the faults noted, for any other. */
function readDocument(
  resource: AssetResource,
  document: AssetDocument,
  { line, propertyBytes }: { line: number; propertyBytes: number },
  faults: string[],
): { text: string; hash: BlobHash } | null {
  const found = portableFaultsOf(resource, document, { propertyBytes })
  if (found.length > 0) {
    faults.push(...found.slice(0, 3).map((fault) => `line ${line}: ${fault}`))
    return null
  }
  const text = canonicalJson(document)
  return { text, hash: hashText(text) }
}

/** Lines that say something, as they are read: an archive is never wholly in memory. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const [first = '', ...more] = decoder.decode(chunk, { stream: true }).split('\n')
    rest += first
    for (const next of more) {
      if (rest.trim() !== '') yield rest
      rest = next
    }
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield rest
}

function parseLine(line: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (cause) {
    const hint =
      number === 1
        ? '. Send the file as it is: --data-binary @FILE. (-d of curl takes the ends of its lines away.)'
        : ''
    throw new AppError('bad_request', { reason: `line ${number} of the archive is not JSON${hint}` }, { cause })
  }
  throw new AppError('bad_request', { reason: `line ${number} of the archive is not an object` })
}
