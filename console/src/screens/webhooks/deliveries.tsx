import { Anchor, Button, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useAddress } from '../../parts/address.ts'
import { MomentField } from '../../parts/document/moment-field.tsx'
import { Filters } from '../../parts/filters.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { PagedTable } from '../../parts/paged-table.tsx'
import { useMayWork } from '../../parts/role.ts'
import { EmptyList } from '../../parts/states.tsx'
import { texts as parts } from '../../parts/texts.ts'
import type { Column } from '../../parts/virtual-table.tsx'
import { When } from '../../parts/when.tsx'
import { STATES, webhookAddress } from './address.ts'
import { type Delivery, DeliveryTone } from './delivery.tsx'
import { ofWebhook, type Webhook } from './standing.tsx'
import { texts } from './texts.ts'
import { EVENTS, eventName, groupName, subjectText, TEST } from './words.ts'

const words = texts.log
const PAGE = 50
const LOOK_MS = 3_000

const EVENT_OPTIONS = [
  { value: TEST, label: eventName(TEST) },
  ...[...Map.groupBy(EVENTS, ({ kind }) => kind)].map(([kind, events]) => ({
    group: groupName(kind),
    items: events.map(({ type }) => ({ value: type, label: eventName(type) })),
  })),
]

const columnsOf = (open: (id: string) => void): readonly Column<Delivery>[] => [
  {
    key: 'what',
    label: words.columns.what,
    width: 'minmax(0, 2fr)',
    cell: ({ id, type, ...delivery }) => (
      <div style={{ minWidth: 0 }}>
        <Anchor component="button" size="sm" className="one-line" maw="100%" onClick={() => open(id)}>
          {eventName(type)}
        </Anchor>
        <Text size="xs" c="dimmed" className="one-line">
          <bdi>{subjectText(delivery)}</bdi>
        </Text>
      </div>
    ),
  },
  {
    key: 'state',
    label: words.columns.state,
    width: 'minmax(110px, 1fr)',
    cell: (delivery) => <DeliveryTone delivery={delivery} />,
  },
  {
    key: 'tries',
    label: words.columns.tries,
    width: 'minmax(0, 0.7fr)',
    from: 'sm',
    cell: ({ attemptCount, lastStatus }) => (
      <span className="tabular">
        {attemptCount}
        {attemptCount > 0 && ` · ${lastStatus ?? texts.delivery.noAnswer}`}
      </span>
    ),
  },
  {
    key: 'at',
    label: words.columns.at,
    width: 'minmax(0, 0.8fr)',
    from: 'sm',
    cell: ({ createdAt }) => (
      <Text size="sm" c="dimmed">
        <When at={createdAt} />
      </Text>
    ),
  },
]

/** The log of a webhook: what was sent or waits to be, the newest first, looked at again and again. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const [{ state, event, since }, change] = useAddress(webhookAddress)
  const of = ofWebhook(webhook)
  const mayWork = useMayWork()
  const pages = usePagesOf(
    'webhooks.deliveries',
    { ...of, limit: PAGE, state, type: event as never, since },
    { rows: (page) => page.deliveries, everyMs: LOOK_MS },
  )
  const isFiltered = state !== undefined || event !== undefined || since !== undefined
  const columns = columnsOf((id) => change({ delivery: id }, 'push'))
  return (
    <Stack component="section" gap="sm" aria-label={words.title}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {words.title}
        </Title>
        {mayWork && (
          <Button variant="default" onClick={() => change({ act: 'replay' }, 'push')}>
            {words.replay}
          </Button>
        )}
      </Group>
      <Group align="flex-end" gap="sm">
        <Select
          label={words.event}
          placeholder={words.anyEvent}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': parts.clear }}
          value={event ?? null}
          onChange={(next) => change({ event: next ?? undefined })}
          data={EVENT_OPTIONS}
        />
        <MomentField label={words.since} value={since} onChange={(next) => change({ since: next })} required={false} />
      </Group>
      <Filters
        label={words.columns.state}
        all={words.all}
        value={state}
        onChange={(next) => change({ state: STATES.find((one) => one === next) })}
        options={STATES.map((value) => ({ value, label: words.states[value].label }))}
      />
      <PagedTable
        pages={pages}
        empty={
          <EmptyList
            words={words}
            onClear={isFiltered ? () => change({ state: undefined, event: undefined, since: undefined }) : undefined}
          />
        }
        label={words.title}
        columns={columns}
        keyOf={({ id }) => id}
        rowHeight={56}
      />
    </Stack>
  )
}
