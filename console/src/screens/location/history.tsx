import { Button, Group, Skeleton, Stack } from '@mantine/core'
import type { Output } from '../../api/call.ts'
import { useAddress } from '../../parts/address.ts'
import { ChangeEntry, ChangeList } from '../../parts/change-list.tsx'
import { usePagesOf } from '../../parts/next-pages.ts'
import { MoreButton } from '../../parts/paged-table.tsx'
import { Empty, Failure } from '../../parts/states.tsx'
import { NamedDiffs } from '../records/named-diffs.tsx'
import { assetAddress } from './address.ts'
import { texts } from './texts.ts'
import type { AssetPlace } from './use-draft.ts'

type Entry = Output<'locations.assetHistory'>['history'][number]

const PAGE = 50

/** Who changed the asset, when and what, newest first. */
export function AssetHistory({ place }: { place: AssetPlace }) {
  const [, change] = useAddress(assetAddress)
  const pages = usePagesOf(
    'locations.assetHistory',
    { ...place, limit: PAGE },
    {
      rows: (page) => page.history,
      next: ({ history }) => (history.length < PAGE ? null : { before: history.at(-1)?.id }),
    },
  )
  const failure = pages.error && <Failure error={pages.error} onRetry={pages.refetch} />
  if (failure && pages.rows.length === 0) return failure
  if (pages.isPending) return <Skeleton height={240} />
  if (pages.isEmpty) return <Empty title={texts.history.empty} />
  return (
    <Stack>
      {failure}
      <ChangeList label={texts.views.history}>
        {pages.rows.map((entry) => (
          <ChangeEntry
            key={entry.id}
            change={{ ...entry, fields: [...entry.fields, ...localFields(entry)] }}
            diffs={(shown) => <NamedDiffs locationId={place.locationId} {...shown} />}
          >
            {entry.op !== 'delete' && (
              <Group>
                <Button size="xs" variant="default" onClick={() => change({ change: entry.id }, 'push')}>
                  {texts.history.former}
                </Button>
              </Group>
            )}
          </ChangeEntry>
        ))}
      </ChangeList>
      <MoreButton pages={pages} label={texts.history.more} />
    </Stack>
  )
}

/** What it changed of the location's own values: `[before, after]`, each by their paths. */
function localFields({ local }: Entry) {
  if (!Array.isArray(local)) return []
  const [before, after] = local as [Record<string, unknown> | null, Record<string, unknown> | null]
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return names
    .filter((name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]))
    .map((path) => ({
      path,
      ...(before?.[path] === undefined ? {} : { before: before[path] }),
      ...(after?.[path] === undefined ? {} : { after: after[path] }),
    }))
}
