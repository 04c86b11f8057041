import { customFields } from '../../resources/custom-fields.ts'
import { type AssetResource, listAssets } from '../../store/assets/index.ts'
import { naturalKey } from '../../store/natural-key.ts'
import type { MappedValue, MappedValues } from '../mapping/document.ts'
import { CUSTOM_PREFIX } from '../mapping/targets.ts'
import { linksOf, writeLinks } from './links.ts'
import type { Delta, Place, Reverted, Synced } from './writer.ts'

const listOf = <T>(value: unknown) => (Array.isArray(value) ? (value as T[]) : [])

/**
 * What was written last of a record that was taken back: of each field that became what it was, that. So the same, coming
 * again, is news, and nobody takes the undo for a change of somebody here. What was left alone is known as before. `keyOf`:
 * what a mapping calls a custom field. Pure.
 */
export function syncedAfter(synced: Synced, back: Delta, keyOf: (fieldId: string) => string): Synced {
  const values: MappedValues = { ...synced.values }
  for (const [name, [from, to]] of Object.entries(back)) {
    if (name === 'customFields')
      for (const [id, value] of changedValues(from, to)) put(values, `${CUSTOM_PREFIX}${keyOf(id)}`, value)
    else if (Array.isArray(values[name])) put(values, name, listAfter(values[name], from, to))
    else put(values, name, to)
    if (name === 'firstName' || name === 'lastName') delete values.name
  }
  const { items } = back
  // What theirs are called is of no account: lines are taken together.
  const lines =
    items === undefined ? synced.lines : listOf<MappedValues>(items[1]).map((own) => ({ key: '', values: own }))
  return { values, ...(synced.lines === undefined || lines === undefined ? {} : { lines }) }
}

function put(values: MappedValues, name: string, value: unknown): void {
  if (name in values) values[name] = (value ?? null) as MappedValue
}

/** Of a list each element stands for itself. */
function listAfter(synced: unknown, from: unknown, to: unknown): string[] {
  const [before, after, known] = [from, to, synced].map((list) => listOf<string>(list))
  const keys = (list: readonly string[] = []) => new Set(list.map(naturalKey))
  const [was, is] = [keys(before), keys(after)]
  const kept = (known ?? []).filter((one) => !was.has(naturalKey(one)) || is.has(naturalKey(one)))
  return [...kept, ...(after ?? []).filter((one) => !was.has(naturalKey(one)) && !keys(kept).has(naturalKey(one)))]
}

type Value = { id: string; value: unknown }

function changedValues(from: unknown, to: unknown): Map<string, unknown> {
  const by = (values: unknown) => new Map(listOf<Value>(values).map(({ id, value }) => [id, value]))
  const [was, is] = [by(from), by(to)]
  const ids = new Set([...was.keys(), ...is.keys()])
  const isOther = (id: string) => JSON.stringify(was.get(id)) !== JSON.stringify(is.get(id))
  return new Map([...ids].filter(isOther).map((id) => [id, is.get(id)]))
}

/** What is known of records that are there still and as they were before: the next time they are written again. */
export async function loosenLinks(
  { tx, locationId, connectionId }: Pick<Place, 'tx' | 'locationId'> & { connectionId: string },
  reverted: readonly Pick<Reverted, 'recordId' | 'delta'>[],
  atMs: number,
): Promise<void> {
  const place = { locationId, id: connectionId }
  const deltas = new Map(reverted.map(({ recordId, delta }) => [recordId, delta]))
  const links = await linksOf(tx, place, [...deltas.keys()])
  const hasOwnFields = reverted.some(({ delta }) => 'customFields' in delta)
  const fields = hasOwnFields ? await listAssets(tx, customFields as unknown as AssetResource, locationId) : []
  const keys = new Map(fields.map(({ id, document }) => [id, String(document.fieldKey).replace(/^contact\./, '')]))
  const loose = links.map((link) => ({
    ...link,
    hash: null,
    synced: syncedAfter(link.synced, deltas.get(link.recordId) ?? {}, (id) => keys.get(id) ?? id),
  }))
  await writeLinks(tx, place, loose, atMs)
}
