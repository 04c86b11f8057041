import { customFields } from '../resources/custom-fields.ts'
import { type Asset, type AssetResource, listAssets } from '../store/assets/index.ts'
import type { Writing } from './define.ts'
import { toFieldValue } from './field-types.ts'

/** A value of a custom field as callers name it: the field by its id or key, the value by any of three names. */
export interface GivenValue {
  id?: string
  key?: string
  field_value?: unknown
  fieldValue?: unknown
  value?: unknown
}

/** The fields that records have values of: folders are stored among them. */
export async function listFields(ctx: Writing): Promise<Asset[]> {
  if (ctx.known !== undefined) return ctx.known.fields
  const all = await listAssets(ctx.db, customFields as unknown as AssetResource, ctx.locationId)
  return all.filter(({ document }) => document.documentType !== 'folder')
}

/**
 * The values by the ids of their fields, as the type of each wants them; null for one that is emptied. Every fault is
 * named with its place.
 */
export async function readFieldValues(
  ctx: Writing,
  values: readonly GivenValue[],
  { model, only = false }: { model: 'contact' | 'opportunity'; only?: boolean },
  faults: string[],
): Promise<Map<string, unknown>> {
  const read = new Map<string, unknown>()
  if (values.length === 0) return read
  const fields = (await listFields(ctx)).filter(({ document }) => !only || document.model === model)
  const byId = new Map(fields.map((field) => [field.id, field]))
  const byKey = fieldsByKey(fields)
  for (const [index, given] of values.entries()) {
    const { id, key, field_value, fieldValue = field_value, value = fieldValue } = given
    const field =
      (id === undefined ? undefined : byId.get(id)) ?? (key === undefined ? undefined : fieldOfKey(byKey, key, model))
    if (id === undefined && key === undefined) faults.push(`customFields[${index}] must name its field by id or key`)
    else if (field === undefined) {
      const named = id === undefined ? `key ${key}` : `id ${id}`
      const ofWhat = only ? ' of opportunities' : ''
      faults.push(`customFields[${index}]: there is no custom field${ofWhat} with the ${named} in this location`)
    } else {
      const fail = (fault: string) => faults.push(`customFields[${index}]: ${field.document.name} ${fault}`)
      read.set(field.id, isEmptyValue(value) ? null : await toFieldValue(ctx, field.document, value, fail))
    }
  }
  return read
}

type ByKey = ReadonlyMap<string, Asset>

export const fieldsByKey = (fields: readonly Asset[]): ByKey =>
  new Map(fields.map((field) => [String(field.document.fieldKey).toLowerCase(), field]))

/** The field that a caller calls so, with what it is a field of or without. */
export function fieldOfKey(byKey: ByKey, key: string, model: 'contact' | 'opportunity'): Asset | undefined {
  const name = key.replace(/[{}\s]/g, '').toLowerCase()
  return byKey.get(name) ?? byKey.get(`${model}.${name}`)
}

export const isEmptyValue = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
