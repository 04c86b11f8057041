import { Button, Group, Paper, Select, SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import targets from '../../api/connection-targets.json' with { type: 'json' }
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { isSame } from '../../parts/document/editors.ts'
import { showDone } from '../../parts/notices.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { Changes } from './changes.tsx'
import classes from './connections.module.css'
import { type Place, placesOf } from './sample.ts'
import { type Definition, ofConnection, type Whole } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.mapping
const LOOK_MS = 1_000

type Mapping = Definition['mapping']
type Field = Mapping['fields'][number]

/** Where a field comes from, if that is a place of the item and nothing else. */
const pathOf = ({ from }: Pick<Field, 'from'>): string | null => ('path' in from ? from.path : null)

/** By what ours is found. */
const KEYS: readonly Mapping['keys'][number][] = ['externalId', 'email', 'phone', 'number', 'name']
const KEYS_OF: Record<Mapping['object'], readonly string[]> = {
  contact: ['externalId', 'email', 'phone'],
  invoice: ['externalId', 'number'],
  location: ['externalId', 'name'],
}

const isMapped = ({ externalId, fields }: Mapping, key: string) =>
  key === 'externalId' ? externalId !== null : fields.some(({ to }) => to === key)

/** What can no longer be found by is none of the keys any more; what has become one comes to the others. */
const withKeys = (old: Mapping, next: Mapping): Mapping => ({
  ...next,
  keys: [
    ...next.keys.filter((key) => isMapped(next, key)),
    ...KEYS.filter((key) => KEYS_OF[next.object].includes(key) && isMapped(next, key) && !isMapped(old, key)),
  ],
})

interface Props {
  connection: Whole
  /** As somebody has it by now, saved or not. */
  mapping: Mapping
  onChange: (mapping: Mapping) => void
}

/** What of another program's items becomes which of our fields: a live sample at the left, our fields at the right. */
export function MappingEditor({ connection, mapping, onChange }: Props) {
  const mayWork = useMayWork()
  const of = ofConnection(connection)
  const setMapping = (next: Mapping) => onChange(withKeys(mapping, next))
  const [fault, setFault] = useState<unknown>(null)
  const [item, sample] = useSample(connection)
  const places = placesOf(item)
  const definition = { ...connection.definition, mapping }
  const preview = useAct('connections.preview', { onFault: setFault })
  const save = useAct('connections.update', {
    changes: ['connections.get', 'connections.list', 'connections.versions'],
    onFault: setFault,
    onDone: ({ connection: { version } }) => showDone(words.saved(version)),
  })
  const set = (to: string, path: string | null) => {
    const others = mapping.fields.filter((field) => field.to !== to)
    const known = mapping.fields.find((field) => field.to === to)
    setMapping({ ...mapping, fields: path === null ? others : [...others, { ...known, to, from: { path } }] })
  }
  const beyond = mapping.fields.filter((field) => pathOf(field) === null).length
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <Stack component="section" gap="sm" aria-label={words.sample}>
          <Title order={2} size="h4">
            {words.sample}
          </Title>
          {sample}
          <Tree places={places} />
        </Stack>
        <Stack component="section" gap="sm" aria-label={words.fields}>
          <Title order={2} size="h4">
            {words.fields}
          </Title>
          {beyond > 0 && <Text size="sm">{words.beyond(beyond)}</Text>}
          <PlaceField
            label={words.id}
            description={words.idHint}
            places={places}
            value={mapping.externalId === null ? null : pathOf({ from: mapping.externalId })}
            onChange={(path) => setMapping({ ...mapping, externalId: path === null ? null : { path } })}
            readOnly={!mayWork}
          />
          <OurFields connection={connection} mapping={mapping} places={places} onChange={set} readOnly={!mayWork} />
          <Select
            label={words.conflicts}
            data={Object.entries(words.conflictWords)
              // Which is the newest must be known.
              .filter(([value]) => value !== 'newest' || mapping.changedAt !== undefined)
              .map(([value, label]) => ({ value, label }))}
            allowDeselect={false}
            readOnly={!mayWork}
            value={mapping.conflicts}
            onChange={(next) => next && setMapping({ ...mapping, conflicts: next as Mapping['conflicts'] })}
          />
        </Stack>
      </SimpleGrid>
      {fault !== null && <Failure error={fault} title={words.saveFault} />}
      {mayWork && (
        <Group>
          <Button
            variant="default"
            disabled={item === undefined}
            loading={preview.isPending}
            onClick={() => {
              setFault(null)
              preview.mutate({ ...of, items: [item], definition })
            }}
          >
            {words.try}
          </Button>
          <Button
            loading={save.isPending}
            onClick={() => {
              setFault(null)
              save.mutate({ ...of, definition })
            }}
          >
            {words.save}
          </Button>
          {!isSame(mapping, connection.definition.mapping) && (
            <Text size="sm" c="dimmed">
              {words.unsaved}
            </Text>
          )}
        </Group>
      )}
      {preview.data && (
        <Stack component="section" gap="xs" aria-label={words.would}>
          <Title order={2} size="h4">
            {words.would}
          </Title>
          {preview.data.rows.map((row) => (
            <Changes key={row.place} row={row} />
          ))}
        </Stack>
      )}
    </Stack>
  )
}

/** What came last, looked at until something has; or an example that somebody pastes. */
function useSample(connection: Whole): [unknown, React.ReactNode] {
  const [pasted, paste] = useState('')
  const [chosen, choose] = useState('0')
  const { data, error } = useQuery({
    ...reads('connections.arrivals', { ...ofConnection(connection), limit: 10 }),
    refetchInterval: LOOK_MS,
  })
  const items = (data?.arrivals ?? []).flatMap((arrival) => arrival.items)
  const own = parsed(pasted)
  const shown = (
    <>
      {error && <Failure error={error} />}
      {data && items.length === 0 && pasted === '' && <Text size="sm">{words.noSample}</Text>}
      {items.length > 1 && pasted === '' && (
        <Select
          label={words.which}
          description={words.sampleHint}
          allowDeselect={false}
          data={items.map((_, index) => ({ value: String(index), label: `${index + 1}` }))}
          value={chosen}
          onChange={(next) => choose(next ?? '0')}
        />
      )}
      <Textarea
        label={words.paste}
        autosize
        minRows={2}
        maxRows={8}
        value={pasted}
        onChange={(event) => paste(event.currentTarget.value)}
        error={pasted !== '' && own === undefined ? words.pasteFault : null}
      />
    </>
  )
  return [pasted === '' ? items[Number(chosen)] : own, shown]
}

function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function Tree({ places }: { places: readonly Place[] }) {
  if (places.length === 0) return null
  return (
    <Paper component="ul" withBorder className={classes.tree} aria-label={words.sample}>
      {places.map(({ path, name, depth, example }) => (
        <li key={path} style={{ paddingInlineStart: `${depth * 16}px` }}>
          <Text span size="sm" fw={500} dir="auto">
            {name}
          </Text>
          {example !== undefined && (
            <Text span size="sm" c="dimmed" dir="auto">
              {' '}
              {example}
            </Text>
          )}
        </li>
      ))}
    </Paper>
  )
}

interface FieldsProps {
  connection: Whole
  mapping: Mapping
  places: readonly Place[]
  onChange: (to: string, path: string | null) => void
  readOnly: boolean
}

function OurFields({ connection, mapping, places, onChange, readOnly }: FieldsProps) {
  // Contacts are always of a sub-account.
  const locationId = connection.locationId ?? ''
  const custom = useQuery({
    queryKey: ['customFields.list', locationId, 'contact'],
    queryFn: ({ signal }) => call('customFields.list', { locationId, model: 'contact' }, { signal, locationId }),
    enabled: mapping.object === 'contact',
    retry: false,
  })
  const own = (custom.data?.customFields ?? []).filter(({ documentType }) => documentType === 'field')
  const lines = [
    ...Object.entries(targets[mapping.object] as Record<string, string>),
    ...own.map(
      ({ name, fieldKey, id }) => [`customFields.${String(fieldKey ?? id).replace(/^contact\./, '')}`, name] as const,
    ),
  ]
  return lines.map(([to, label]) => {
    const field = mapping.fields.find((one) => one.to === to)
    if (field !== undefined && pathOf(field) === null) return null
    return (
      <PlaceField
        key={to}
        label={label}
        places={places}
        value={field === undefined ? null : pathOf(field)}
        onChange={(path) => onChange(to, path)}
        readOnly={readOnly}
      />
    )
  })
}

interface PlaceProps {
  label: string
  description?: string
  places: readonly Place[]
  value: string | null
  onChange: (path: string | null) => void
  readOnly: boolean
}

/** A place of the sample, by its name and what stands there; one that it lacks stays to be chosen. */
function PlaceField({ label, description, places, value, onChange, readOnly }: PlaceProps) {
  const offered = places.filter(({ example }) => example !== undefined)
  const paths = new Set(offered.map(({ path }) => path))
  const options = [
    ...offered.map(({ path, example }) => ({ value: path, label: example === '' ? path : `${path} · ${example}` })),
    ...(value === null || paths.has(value) ? [] : [{ value, label: value }]),
  ]
  return (
    <Select
      label={label}
      description={description}
      placeholder={words.none}
      searchable
      clearable
      // What is chosen once more stays.
      allowDeselect={false}
      clearButtonProps={{ 'aria-label': 'Clear' }}
      readOnly={readOnly}
      data={options}
      value={value}
      onChange={onChange}
    />
  )
}
