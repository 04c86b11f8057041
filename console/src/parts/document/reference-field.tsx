import { MultiSelect, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { kindWord } from '../kinds.ts'
import { type Doc, isDoc, titleOf } from './editors.ts'
import { useForm, useNames } from './form.ts'

const texts = {
  missing: (id: string) => `Nothing there (${id})`,
  broken: 'What it named is gone, or has not come yet.',
  nothing: 'Nothing is called that',
}

interface Props<V> {
  label: string
  value: V
  onChange: (value: V) => void
}

const shared = { searchable: true, nothingFoundMessage: texts.nothing, limit: 200 } as const

/** One asset of the location, by its name. */
export function ReferenceField({ kind, label, value, onChange }: Props<string | undefined> & { kind: string }) {
  const { locationId, readOnly } = useForm()
  const names = useNames(locationId, kind)
  const isBroken = names !== undefined && value !== undefined && value !== '' && !names.has(value)
  return (
    <Select
      {...shared}
      label={label}
      description={kindWord(kind)}
      readOnly={readOnly}
      clearable={!readOnly}
      value={value ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      data={optionsOf(names, isBroken ? [value] : [])}
      error={isBroken && texts.broken}
    />
  )
}

/** Several of them. */
export function ReferencesField({ kind, label, value, onChange }: Props<readonly string[]> & { kind: string }) {
  const { locationId, readOnly } = useForm()
  const names = useNames(locationId, kind)
  const broken = names === undefined ? [] : value.filter((id) => !names.has(id))
  return (
    <MultiSelect
      {...shared}
      label={label}
      description={`${kindWord(kind)}s`}
      readOnly={readOnly}
      value={[...value]}
      onChange={onChange}
      data={optionsOf(names, broken)}
      error={broken.length > 0 && texts.broken}
    />
  )
}

const optionsOf = (names: ReadonlyMap<string, string> | undefined, broken: readonly string[]) => [
  ...[...(names ?? [])].map(([value, label]) => ({ value, label })),
  ...broken.map((value) => ({ value, label: texts.missing(value) })),
]

interface PartProps extends Props<string | null | undefined> {
  kind: string
  /** Beside it in the document: which asset's part it is, for parts of others. */
  siblings: Doc
  names: Readonly<Record<string, string>>
}

/** A part of an asset: a stage of the pipeline beside it, a step of this workflow. */
export function PartField({ kind, label, value, onChange, siblings, names }: PartProps) {
  const form = useForm()
  const isOwn = kind === form.kind
  const owner = Object.entries(names).find(([, of]) => of === kind)?.[0]
  const ownerId = owner === undefined ? undefined : siblings[owner]
  const { data } = useQuery({
    ...reads('locations.asset', { locationId: form.locationId, kind, assetId: String(ownerId) }),
    enabled: !isOwn && typeof ownerId === 'string' && ownerId !== '',
  })
  const parts = partsIn(isOwn ? form.document : data?.asset.document)
  if (typeof value === 'string' && value !== '' && !parts.has(value)) parts.set(value, texts.missing(value))
  return (
    <Select
      {...shared}
      label={label}
      readOnly={form.readOnly}
      clearable={!form.readOnly}
      value={value ?? null}
      onChange={(id) => onChange(id ?? (value === null ? null : undefined))}
      data={[...parts].map(([id, name]) => ({ value: id, label: name }))}
    />
  )
}

/** Whatever in a document has an id of its own. */
function partsIn(value: unknown, found = new Map<string, string>()): Map<string, string> {
  if (Array.isArray(value)) for (const one of value) partsIn(one, found)
  else if (isDoc(value)) {
    if (typeof value.id === 'string') found.set(value.id, titleOf(value) || value.id)
    for (const one of Object.values(value)) if (typeof one === 'object') partsIn(one, found)
  }
  return found
}
