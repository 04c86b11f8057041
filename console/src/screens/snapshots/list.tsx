import { Button, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core'
import { IconCamera } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { byKind, kindName } from '../../parts/kinds.ts'
import { Page } from '../../parts/page.tsx'
import { useRole } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Empty, Failure } from '../../parts/states.tsx'
import { When } from '../../parts/when.tsx'
import { listAddress } from './address.ts'
import { Capture } from './capture.tsx'
import classes from './snapshots.module.css'
import { texts } from './texts.ts'

type Snapshot = Output<'snapshots.list'>['snapshots'][number]

/** Kinds that are named on a card; the others are counted. */
const KINDS_SHOWN = 4
const SKELETONS = ['a', 'b', 'c']

export function SnapshotList() {
  const [{ q, capture, from }, change] = useAddress(listAddress)
  const mayWrite = useRole('operator')
  const { data, error, isPending, refetch } = useQuery(reads('snapshots.list', {}))
  const found = data?.snapshots.filter(({ name }) => name.toLowerCase().includes((q ?? '').toLowerCase())) ?? []
  const capturing = mayWrite && (
    <Button leftSection={<IconCamera size={16} aria-hidden />} onClick={() => change({ capture: true }, 'push')}>
      {texts.capture}
    </Button>
  )
  return (
    <Page title={texts.title} lead={texts.lead} actions={data && data.snapshots.length > 0 && capturing}>
      {capture && mayWrite && <Capture from={from} onClose={() => change({ capture: undefined, from: undefined })} />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && data.snapshots.length > 3 && (
        <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
      )}
      {data && found.length === 0 && (
        <Empty
          title={data.snapshots.length === 0 ? texts.empty : texts.nothing}
          action={data.snapshots.length === 0 && capturing}
        >
          {data.snapshots.length === 0 && texts.emptyHint}
        </Empty>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }}>
        {isPending && SKELETONS.map((key) => <Skeleton key={key} height={148} />)}
        {found.map((snapshot) => (
          <SnapshotCard key={snapshot.id} snapshot={snapshot} />
        ))}
      </SimpleGrid>
    </Page>
  )
}

function SnapshotCard({ snapshot }: { snapshot: Snapshot }) {
  const kinds = Object.keys(snapshot.assets).sort(byKind)
  const total = Object.values(snapshot.assets).reduce((sum, count) => sum + count, 0)
  const rest = kinds.length - KINDS_SHOWN
  return (
    <Card withBorder className={classes.card} padding="md">
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h5" dir="auto" style={{ minWidth: 0 }}>
            <Link to="/app/snapshots/$snapshotId" params={{ snapshotId: snapshot.id }} className={classes.whole}>
              {snapshot.name}
            </Link>
          </Title>
          <Text size="sm" fw={600} className="tabular" style={{ whiteSpace: 'nowrap' }}>
            v{snapshot.version}
          </Text>
        </Group>
        <Text size="sm" c="dimmed" dir="auto">
          {snapshot.publisherName ? texts.imported(snapshot.publisherName) : (snapshot.sourceLocationName ?? '')}
          {' · '}
          <When at={snapshot.updatedAt} />
        </Text>
        <Text size="sm">{texts.assets(total)}</Text>
        <Text size="xs" c="dimmed">
          {kinds
            .slice(0, KINDS_SHOWN)
            .map((kind) => `${snapshot.assets[kind]} ${kindName(kind)}`)
            .join(' · ')}
          {rest > 0 && texts.moreKinds(rest)}
        </Text>
      </Stack>
    </Card>
  )
}
