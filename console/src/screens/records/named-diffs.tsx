import { isDoc } from '../../parts/document/editors.ts'
import { type Field, FieldDiffs } from '../../parts/field-diff.tsx'
import { type FieldNames, fieldName, isMoment, isTold, readable, useFieldNames } from './readable.ts'
import { useReferences } from './references.ts'
import type { Doc } from './sources.ts'

interface Props {
  locationId: string
  fields: readonly Field[]
  sides: { before: string; after: string }
}

/** What a change of a record changed, told as the record itself is: names for ids, custom fields one by one. */
export function NamedDiffs({ locationId, fields, sides }: Props) {
  const sideOf = (name: 'before' | 'after'): Doc => Object.fromEntries(fields.map((field) => [field.path, field[name]]))
  const namesIn = useReferences(locationId, [sideOf('before'), sideOf('after')])
  const names = useFieldNames(locationId)
  const shown = fields
    .filter(({ path }) => isTold(path))
    .flatMap((field) => (field.path === 'customFields' ? customFields(field, names) : [field]))
    .map(({ before, after, ...field }) => ({
      ...field,
      ...(before === undefined ? {} : { before: spoken(namesIn(field.path, before)) }),
      ...(after === undefined ? {} : { after: spoken(namesIn(field.path, after)) }),
    }))
  return <FieldDiffs fields={shown} sides={sides} />
}

/** Moments by the clock of whoever looks. */
function spoken(value: unknown): unknown {
  if (isMoment(value)) return readable(value, undefined)
  if (Array.isArray(value)) return value.map(spoken)
  return isDoc(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, spoken(one)])) : value
}

/** Values of custom fields that differ, each by what its field is called. */
function customFields({ path, before, after }: Field, names: FieldNames): Field[] {
  const [was, is] = [valuesIn(before), valuesIn(after)]
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((id) => JSON.stringify(was.get(id)) !== JSON.stringify(is.get(id)))
    .map((id) => ({
      path: `${path}.${id}`,
      label: fieldName(names, id),
      ...(was.has(id) ? { before: was.get(id) } : {}),
      ...(is.has(id) ? { after: is.get(id) } : {}),
    }))
}

const valuesIn = (list: unknown): Map<string, unknown> =>
  new Map(
    (Array.isArray(list) ? list.filter(isDoc) : []).map(({ id, value, fieldValue }) => [
      String(id),
      value ?? fieldValue,
    ]),
  )
