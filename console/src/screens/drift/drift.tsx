import { Card, Checkbox, Group, Select, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Input } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { assetKey } from '../../parts/asset-list.tsx'
import { kindWord } from '../../parts/kinds.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { Page } from '../../parts/page.tsx'
import { MoreButton } from '../../parts/paged-table.tsx'
import { useRole } from '../../parts/role.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Empty, EmptyList, Failure } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { driftAddress, SORTS } from './address.ts'
import { chosenKey, type Place } from './chosen.ts'
import { PushBackBar } from './push-back.tsx'
import { Started } from './started.tsx'
import { texts } from './texts.ts'

const PAGE = 100
const ORDERS: Record<keyof typeof texts.sorts, Pick<Input<'snapshots.drift'>, 'sort' | 'order'>> = {
  name: { sort: 'name' },
  most: { sort: 'assets', order: 'desc' },
  least: { sort: 'assets', order: 'asc' },
}

/** What sub-accounts have made of a snapshot since it was pushed to them. */
export function Drift() {
  const [{ snapshot, q, sort, chosen = [], pushes }, change] = useAddress(driftAddress)
  const mayPush = useRole('operator')
  const snapshots = useQuery(reads('snapshots.list', {}))
  const pages = usePagesOf(
    'snapshots.drift',
    { snapshotId: snapshot ?? '', query: q, ...ORDERS[sort ?? 'name'], limit: PAGE },
    { rows: (page) => page.drift, enabled: snapshot !== undefined },
  )
  const toggle = (key: string) => {
    const next = chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key]
    change({ chosen: next.length === 0 ? undefined : next })
  }
  const failure = pages.error && <Failure error={pages.error} onRetry={pages.refetch} />
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Group gap="md" align="flex-end">
        <Select
          label={texts.snapshot}
          w="min(100%, 300px)"
          searchable
          allowDeselect={false}
          data={(snapshots.data?.snapshots ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={snapshot ?? null}
          onChange={(id) => change({ snapshot: id ?? undefined, q: undefined, chosen: undefined })}
        />
        {snapshot !== undefined && (
          <>
            <SearchField label={texts.search} value={q ?? ''} onChange={(text) => change({ q: text || undefined })} />
            <Select
              label={texts.sort}
              allowDeselect={false}
              data={(['name', ...SORTS] as const).map((value) => ({ value, label: texts.sorts[value] }))}
              value={sort ?? 'name'}
              onChange={(next) => change({ sort: SORTS.find((one) => one === next) })}
            />
          </>
        )}
      </Group>
      {pushes !== undefined && <Started pushIds={pushes} onClose={() => change({ pushes: undefined })} />}
      {failure}
      {snapshot === undefined ? (
        <Empty title={texts.choose}>{texts.chooseHint}</Empty>
      ) : pages.first === undefined ? (
        !failure && <Skeleton height={240} />
      ) : pages.isEmpty ? (
        <EmptyList words={texts} onClear={q === undefined ? undefined : () => change({ q: undefined })} />
      ) : (
        <Stack gap="sm">
          <Text size="sm" c="dimmed" aria-live="polite">
            {texts.count(pages.first.totalAssets, pages.first.total)}
          </Text>
          {pages.rows.map((place) => (
            <PlaceCard key={place.locationId} snapshot={snapshot} place={place} chosen={chosen} onToggle={toggle} />
          ))}
          <MoreButton pages={pages} label={texts.more} />
        </Stack>
      )}
      {snapshot !== undefined && mayPush && chosen.length > 0 && (
        <PushBackBar
          snapshot={snapshot}
          keys={chosen}
          onToggle={toggle}
          onNone={() => change({ chosen: undefined })}
          onStarted={(pushIds, left) =>
            change({ chosen: left.length === 0 ? undefined : left, pushes: pushIds }, 'push')
          }
        />
      )}
    </Page>
  )
}

interface CardProps {
  snapshot: string
  place: Place
  chosen: readonly string[]
  onToggle: (key: string) => void
}

function PlaceCard({ snapshot, place, chosen, onToggle }: CardProps) {
  const mayPush = useRole('operator')
  const { locationId, locationName, version } = place
  const compared = { snapshot, version, location: locationId }
  return (
    <Card withBorder component="section" aria-label={locationName}>
      <Group justify="space-between">
        <Title order={2} size="h5" dir="auto">
          <TextLink to={'/app/locations/$locationId' as never} params={{ locationId } as never} c="inherit" inherit>
            {locationName}
          </TextLink>
        </Title>
        <TextLink to="/app/compare" search={compared as never}>
          {texts.compare}
        </TextLink>
      </Group>
      <Stack gap={6} mt="xs">
        {place.assets.map((asset) => {
          const key = chosenKey(place, asset)
          const tone = <Tone tone={asset.change === 'edited' ? 'change' : 'bad'}>{texts[asset.change]}</Tone>
          const name = `${kindWord(asset.kind)} ${asset.name}`
          return (
            <Group key={key} gap="sm">
              {mayPush ? (
                <Checkbox checked={chosen.includes(key)} onChange={() => onToggle(key)} label={<bdi>{name}</bdi>} />
              ) : (
                <Text size="sm" dir="auto">
                  {name}
                </Text>
              )}
              {tone}
              <TextLink
                to="/app/compare"
                search={{ ...compared, version: asset.version, asset: assetKey(asset) } as never}
                size="xs"
              >
                {texts.compare}
              </TextLink>
            </Group>
          )
        })}
      </Stack>
    </Card>
  )
}
