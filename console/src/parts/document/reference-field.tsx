import { MultiSelect, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { kindWord } from '../kinds.ts'
import { type Doc, namedParts } from './editors.ts'
import { type Broken, isMissing, useForm, useNames } from './form.ts'
import { texts } from './texts.ts'

const { references: words } = texts

/** What of it is gone, by its name where that is known, and else by what it is: an id says nothing to anybody. */
export function missingText(ids: readonly string[], broken: Broken | undefined, word: string = words.thing): string {
  const names = ids.flatMap((id) => broken?.get(id) ?? [])
  const unnamed = ids.length - names.length
  return [
    ...(names.length > 0 ? [words.missing(names.join(', '))] : []),
    ...(unnamed > 0 ? [words.gone(word, unnamed)] : []),
  ].join(', ')
}

interface Props<V> {
  label: string
  value: V
  onChange: (value: V) => void
}

const shared = { searchable: true, nothingFoundMessage: words.nothing, limit: 200 } as const

/** One asset of the location, by its name. */
export function ReferenceField({ kind, label, value, onChange }: Props<string | undefined> & { kind: string }) {
  const { locationId, readOnly, broken } = useForm()
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
      data={optionsOf(names, { kind, gone: isBroken ? [value] : [], broken })}
      error={isBroken && words.broken}
    />
  )
}

/** Several of them. */
export function ReferencesField({ kind, label, value, onChange }: Props<readonly string[]> & { kind: string }) {
  const { locationId, readOnly, broken } = useForm()
  const names = useNames(locationId, kind)
  const gone = names === undefined ? [] : value.filter((id) => !names.has(id))
  return (
    <MultiSelect
      {...shared}
      label={label}
      description={`${kindWord(kind)}s`}
      readOnly={readOnly}
      value={[...value]}
      onChange={onChange}
      data={optionsOf(names, { kind, gone, broken })}
      error={gone.length > 0 && words.broken}
    />
  )
}

const optionsOf = (
  names: ReadonlyMap<string, string> | undefined,
  { kind, gone, broken }: { kind: string; gone: readonly string[]; broken: Broken | undefined },
) => [
  ...[...(names ?? [])].map(([value, label]) => ({ value, label })),
  ...gone.map((value) => ({ value, label: missingText([value], broken, kindWord(kind).toLowerCase()) })),
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
  const isElsewhere = !isOwn && typeof ownerId === 'string' && ownerId !== '' && !isMissing(ownerId)
  const { data } = useQuery({
    ...reads('locations.asset', { locationId: form.locationId, kind, assetId: String(ownerId) }),
    enabled: isElsewhere,
  })
  const parts = namedParts(isOwn ? form.document : data?.asset.document)
  const isUnknown = typeof value === 'string' && value !== '' && !parts.has(value)
  const isBroken = isUnknown && (!isElsewhere || data !== undefined)
  if (isUnknown) parts.set(value, isBroken ? missingText([value], form.broken, words.parts[kind] ?? words.stage) : '…')
  return (
    <Select
      {...shared}
      label={label}
      readOnly={form.readOnly}
      clearable={!form.readOnly}
      value={value ?? null}
      onChange={(id) => onChange(id ?? (value === null ? null : undefined))}
      data={[...parts].map(([id, name]) => ({ value: id, label: name }))}
      error={isBroken && words.broken}
    />
  )
}
