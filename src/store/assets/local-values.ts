import { createHash } from 'node:crypto'
import { canonicalJson } from '../hash.ts'
import { type MarkerReplacer, partMarker, replaceMarkers } from '../markers.ts'
import type { AssetDocument, AssetResource } from './resource.ts'

/**
 * What belongs to a location stands beside its document as path -> value, in portable form like the document itself. An
 * element of a list is named by its lineage where it has one (`steps[LINEAGE].userIds`), else by what it says
 * (`notifications[=HASH].selectedUsers`): so a value stays with its element wherever that moves, and goes when it goes.
 */
export type LocalValues = Record<string, unknown>

/** Whether elements of this list hold local values and have no id of their own. */
export function isNamedByContent(resource: AssetResource, pattern: string): boolean {
  return (
    resource.parts[pattern] === undefined && Object.keys(resource.local).some((path) => path.startsWith(`${pattern}[]`))
  )
}

/** Names of a list's portable elements: a hash of what each says, numbered where several say the same. */
export function namesByContent(elements: readonly unknown[]): string[] {
  const seen = new Map<string, number>()
  return elements.map((element) => {
    const hash = createHash('sha256').update(canonicalJson(element)).digest('hex').slice(0, 16)
    const number = (seen.get(hash) ?? 0) + 1
    seen.set(hash, number)
    return number === 1 ? `=${hash}` : `=${hash}.${number}`
  })
}

export const joinLocal = (list: string, element: string, path: string) =>
  `${list}[${element}]${path === '' || path.startsWith('[') ? '' : '.'}${path}`

/**
 * Puts local values into a document. A path that is gone is passed over. Values that were stored before local values
 * were portable hold no markers; of theirs only what looks exactly like one would be read as one.
 */
export function placeLocal(options: {
  document: AssetDocument
  portable: string
  local: LocalValues
  reading: MarkerReplacer
}): void {
  const paths = Object.keys(options.local)
  if (paths.length === 0) return
  const local = readLocal(options.local, options.reading)
  const portable = paths.some((path) => path.includes('[=')) ? (JSON.parse(options.portable) as AssetDocument) : null
  for (const path of paths) place(options.document, portable, path, local[path], options.reading.part)
}

export function readLocal(local: LocalValues, reading: MarkerReplacer): LocalValues {
  const text = JSON.stringify(local)
  return text.includes('⟦') ? (JSON.parse(replaceMarkers(text, reading)) as LocalValues) : local
}

const segmentsOf = (path: string): string[] => path.match(/[^.[\]]+|\[[^\]]+\]/g) ?? []

function place(
  document: unknown,
  portable: unknown,
  path: string,
  value: unknown,
  partId: (lineage: string) => string,
): void {
  const segments = segmentsOf(path)
  let holder = document
  let twin = portable
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1
    if (segment.startsWith('[')) {
      const at = Array.isArray(holder) ? indexOf(holder, twin, segment.slice(1, -1), partId) : -1
      holder = (holder as unknown[] | undefined)?.[at]
      twin = (twin as unknown[] | undefined)?.[at]
    } else if (holder === null || typeof holder !== 'object') return
    else if (last) (holder as AssetDocument)[segment] = value
    else {
      holder = (holder as AssetDocument)[segment]
      twin = (twin as AssetDocument | undefined)?.[segment]
    }
  }
}

/** Paths that are older than names by content hold the element's position. */
function indexOf(
  elements: readonly { id?: unknown }[],
  portable: unknown,
  name: string,
  partId: (lineage: string) => string,
): number {
  if (name.startsWith('=')) return Array.isArray(portable) ? namesByContent(portable).indexOf(name) : -1
  const at = elements.findIndex((element) => element?.id === partId(name))
  return at >= 0 || !/^\d{1,4}$/.test(name) ? at : Number(name)
}

/**
 * Paths of values whose element this portable document does not have, by its part or by what it says: they are not
 * shown. A path by position is shown wherever there is such a one.
 */
export function unseenIn(portable: string, local: LocalValues): string[] {
  const paths = Object.keys(local).filter((path) => path.includes('['))
  if (paths.length === 0) return []
  const document = JSON.parse(portable) as unknown
  return paths.filter((path) => !isSeen(document, path))
}

function isSeen(document: unknown, path: string): boolean {
  let holder = document
  for (const segment of segmentsOf(path).slice(0, -1)) {
    const name = segment.slice(1, -1)
    if (!segment.startsWith('[')) holder = (holder as AssetDocument | undefined)?.[segment]
    else if (!Array.isArray(holder)) return false
    else holder = holder[indexOf(holder, holder, name, partMarker)]
  }
  return holder !== undefined && holder !== null
}

/** Whether some local value begins as the document says. */
export const seedsLocal = ({ local }: Pick<AssetResource, 'local'>): boolean =>
  Object.values(local).some(({ seed }) => seed !== undefined)

/**
 * What a push writes into `local` of an asset it creates: of the portable document, for local values are portable too.
 */
export function initialLocal(resource: AssetResource, document: AssetDocument): LocalValues {
  const local: LocalValues = {}
  for (const [path, field] of Object.entries(resource.local)) {
    const seeded = field.seed === undefined ? undefined : document[field.seed]
    const value = seeded ?? field.initial
    if (value !== undefined) local[path] = value
  }
  return local
}
