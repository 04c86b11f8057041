import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { AssetList, assetKey, byName } from '../../parts/asset-list.tsx'
import { JsonView } from '../../parts/json-view.tsx'
import { kindWord } from '../../parts/kinds.ts'
import { useEveryPage, usePagesOf } from '../../parts/next-pages.ts'
import { SearchField } from '../../parts/search-field.tsx'
import { Failure, Hint } from '../../parts/states.tsx'
import { snapshotAddress } from './address.ts'
import classes from './snapshots.module.css'
import { texts } from './texts.ts'

const PAGE = 1000

/** Everything that a version holds, and the document of one of it. */
export function Contents({ snapshotId, version }: { snapshotId: string; version: number }) {
  const [{ asset, q }, change] = useAddress(snapshotAddress)
  const pages = usePagesOf('snapshots.assets', { snapshotId, version, limit: PAGE }, { rows: (page) => page.assets })
  useEveryPage(pages)
  const assets = useMemo(
    () =>
      pages.rows
        .filter(({ name }) => name.toLowerCase().includes((q ?? '').toLowerCase()))
        .sort(byName)
        .map((one) => ({
          key: assetKey(one),
          kind: one.kind,
          name: one.name,
          mark: one.dependency ? { sign: '↳', meaning: texts.one.dependency, tone: 'calm' } : undefined,
        })),
    [pages.rows, q],
  )
  if (pages.error) return <Failure error={pages.error} onRetry={pages.refetch} />
  return (
    <div className={classes.halves}>
      <Stack gap="xs">
        <SearchField
          label={texts.one.searchAssets}
          value={q ?? ''}
          onChange={(text) => change({ q: text || undefined })}
        />
        {pages.isPending ? (
          <Skeleton height={320} />
        ) : (
          <AssetList
            label={texts.one.contents}
            assets={assets}
            chosen={asset}
            onChoose={(key) => change({ asset: key })}
          />
        )}
      </Stack>
      {asset === undefined ? (
        <Hint>{texts.one.choose}</Hint>
      ) : (
        <Document snapshotId={snapshotId} version={version} asset={asset} />
      )}
    </div>
  )
}

function Document({ snapshotId, version, asset }: { snapshotId: string; version: number; asset: string }) {
  const [kind = '', lineage = ''] = asset.split('/')
  const { data, error, refetch } = useQuery(reads('snapshots.asset', { snapshotId, kind, lineage, version }))
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Skeleton height={320} />
  return (
    <Stack gap="xs" style={{ minWidth: 0 }}>
      <div>
        <Text size="xs" c="dimmed">
          {kindWord(kind)}
        </Text>
        <Title order={2} size="h4" dir="auto">
          {data.asset.name}
        </Title>
      </div>
      <JsonView value={data.asset.document} label={texts.one.document} />
    </Stack>
  )
}
