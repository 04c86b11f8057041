import { Button, Group, Paper, Select, Stack, Tabs, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useMemo } from 'react'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { LinkButton, TextLink } from '../../parts/link-button.tsx'
import { useNextPages } from '../../parts/next-pages.ts'
import { Page } from '../../parts/page.tsx'
import { PagedTable } from '../../parts/paged-table.tsx'
import { useMayWork } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { EmptyList } from '../../parts/states.tsx'
import type { Choice, Column } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { KINDS, type Kind, listAddress } from './address.ts'
import { Board } from './board.tsx'
import { recordEditorOf } from './editors.ts'
import { SavedFilters } from './saved-filters.tsx'
import { LISTS, type Row } from './sources.ts'
import { MOST_TAKEN, TakeSnapshot, useMayTake } from './take.tsx'
import { texts } from './texts.ts'
import { Week } from './week.tsx'

/** The data of a sub-account, by kind. */
export function RecordList() {
  const { locationId } = useParams({ strict: false }) as { locationId: string }
  const [{ kind = 'contacts', pipeline, calendar }, change] = useAddress(listAddress)
  const mayWrite = useMayWork()
  const location = useQuery(reads('locations.get', { locationId }))
  return (
    <Page
      title={texts.title}
      actions={
        mayWrite &&
        recordEditorOf(kind) && (
          <LinkButton
            to={`/app/locations/${locationId}/records/${kind}/new` as never}
            search={{ pipeline, calendar } as never}
          >
            {texts.form.make[kind]}
          </LinkButton>
        )
      }
      trail={
        <TextLink to={'/app/locations/$locationId' as never} params={{ locationId } as never} dir="auto">
          {location.data?.location.name ?? '…'}
        </TextLink>
      }
    >
      <Tabs
        value={kind}
        onChange={(next) =>
          change({ kind: next as Kind, q: undefined, pipeline: undefined, chosen: undefined }, 'push')
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          {KINDS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {texts.kinds[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={kind}>
          <Group mb="sm">
            <SavedFilters key={kind} locationId={locationId} kind={kind} />
          </Group>
          {kind === 'appointments' ? (
            <Week locationId={locationId} />
          ) : kind === 'opportunities' ? (
            <Stack>
              <Pipelines locationId={locationId} />
              {pipeline === undefined ? (
                <Table key={kind} kind={kind} locationId={locationId} />
              ) : (
                <Board locationId={locationId} pipelineId={pipeline} />
              )}
            </Stack>
          ) : (
            <Table key={kind} kind={kind} locationId={locationId} />
          )}
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}

function Pipelines({ locationId }: { locationId: string }) {
  const [{ pipeline }, change] = useAddress(listAddress)
  const { data } = useQuery(reads('pipelines.list', { locationId }))
  return (
    <Select
      aria-label={texts.pipeline}
      placeholder={texts.table}
      clearable
      maw={320}
      value={pipeline ?? null}
      onChange={(next) => change({ pipeline: next ?? undefined }, 'push')}
      data={(data?.pipelines ?? []).map(({ id, name }) => ({ value: String(id), label: String(name) }))}
    />
  )
}

function Table({ kind, locationId }: { kind: Exclude<Kind, 'appointments'>; locationId: string }) {
  const [{ q, chosen = [] }, change] = useAddress(listAddress)
  const mayTake = useMayTake(kind)
  const pages = useNextPages({
    key: ['records', kind, locationId, q ?? ''],
    fetch: async (after: unknown, signal) => {
      const page = await LISTS[kind]({ locationId, query: q, after: after ?? undefined, signal })
      return { page, rows: page.rows }
    },
    next: ({ next }) => next ?? null,
  })
  const columns = useMemo(() => columnsOf(locationId, kind), [locationId, kind])
  const ids = useMemo(() => pages.rows.map(({ id }) => id), [pages.rows])
  return (
    <Stack>
      {mayTake && chosen.length > 0 && <Chosen kind={kind} locationId={locationId} chosen={chosen} />}
      {kind !== 'businesses' && (
        <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
      )}
      <PagedTable
        pages={pages}
        empty={<EmptyList words={texts} onClear={q === undefined ? undefined : () => change({ q: undefined })} />}
        label={texts.kinds[kind]}
        columns={columns}
        keyOf={({ id }) => id}
        {...(mayTake && { choice: choiceOf(ids, chosen, (next) => change({ chosen: next })) })}
      />
    </Stack>
  )
}

/** All: those that were read so far. */
function choiceOf(
  ids: readonly string[],
  chosen: readonly string[],
  onChange: (chosen: string[] | undefined) => void,
): Choice<Row> {
  const isChosen = new Set(chosen)
  const state = chosen.length === 0 ? 'none' : ids.every((id) => isChosen.has(id)) ? 'all' : 'some'
  const set = (next: string[]) => onChange(next.length === 0 ? undefined : next)
  return {
    isChosen: (id) => isChosen.has(id),
    onToggle: (id) => set(isChosen.has(id) ? chosen.filter((one) => one !== id) : [...chosen, id]),
    state,
    onToggleAll: () => set(state === 'all' ? [] : [...ids]),
    labelOf: ({ name }) => texts.choose(name),
  }
}

interface ChosenProps {
  kind: Kind
  locationId: string
  chosen: readonly string[]
}

function Chosen({ kind, locationId, chosen }: ChosenProps) {
  const [{ take }, change] = useAddress(listAddress)
  const isMuch = chosen.length > MOST_TAKEN
  return (
    <Paper withBorder p="xs" role="region" aria-label={texts.chosenBar}>
      {take && !isMuch && (
        <TakeSnapshot
          locationId={locationId}
          kind={kind}
          recordIds={chosen}
          onClose={() => change({ take: undefined })}
        />
      )}
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {texts.chosen(chosen.length)}
        </Text>
        <Button size="xs" disabled={isMuch} onClick={() => change({ take: true }, 'push')}>
          {texts.take.label}
        </Button>
        <Button size="xs" variant="subtle" onClick={() => change({ chosen: undefined })}>
          {texts.unchoose}
        </Button>
        {isMuch && <Text size="sm">{texts.take.most(MOST_TAKEN)}</Text>}
      </Group>
    </Paper>
  )
}

const columnsOf = (locationId: string, kind: Exclude<Kind, 'appointments'>): readonly Column<Row>[] => [
  {
    key: 'name',
    label: texts.columns.name,
    width: 'minmax(0, 1.4fr)',
    cell: ({ id, name }) => (
      <TextLink
        to={'/app/locations/$locationId/records/$kind/$recordId' as never}
        params={{ locationId, kind, recordId: id } as never}
        className="one-line"
        dir="auto"
        title={name}
      >
        {name}
      </TextLink>
    ),
  },
  {
    key: 'detail',
    label: texts.columns.detail,
    width: 'minmax(0, 2fr)',
    cell: ({ detail }) => (
      <Text size="sm" className="one-line" dir="auto" title={detail}>
        {detail}
      </Text>
    ),
  },
  {
    key: 'state',
    label: texts.more[kind],
    width: 'minmax(0, 1fr)',
    from: 'sm',
    cell: ({ state }) => (
      <Text size="sm" c="dimmed" className="one-line" dir="auto" title={state}>
        {state}
      </Text>
    ),
  },
  {
    key: 'at',
    label: texts.columns.at,
    width: '130px',
    from: 'sm',
    cell: ({ at }) => (
      <Text size="sm" c="dimmed">
        {at && <When at={at} />}
      </Text>
    ),
  },
]
