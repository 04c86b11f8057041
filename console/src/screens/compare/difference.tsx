import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { FieldDiffs } from '../../parts/field-diff.tsx'
import { JsonView } from '../../parts/json-view.tsx'
import { kindWord } from '../../parts/kinds.ts'
import { Tone } from '../../parts/tone.tsx'
import type { CompareState, Mode } from './address.ts'
import type { ComparedAsset } from './compare.tsx'
import { texts } from './texts.ts'

interface Props {
  asset: ComparedAsset
  state: CompareState
  mode: Mode
  sides: { before: string; after: string }
}

/** One asset: what differs in it, or all of it where only one side has it. */
export function Difference({ asset, state, mode, sides }: Props) {
  return (
    <Stack gap="sm" component="article" aria-label={asset.name} style={{ minWidth: 0 }}>
      <div>
        <Text size="xs" c="dimmed">
          {kindWord(asset.kind)}
        </Text>
        <Title order={2} size="h4" dir="auto">
          {asset.name}
        </Title>
        <Tone tone={asset.mark.tone}>
          {asset.mark.meaning}
          {asset.fields.length > 0 && `, ${texts.fields(asset.fields.length)}`}
        </Tone>
      </div>
      {asset.change === 'changed' ? (
        <FieldDiffs fields={asset.fields} sides={sides} />
      ) : (
        <>
          <Text size="sm" c="dimmed">
            {texts.only[asset.change]}
          </Text>
          <Whole asset={asset} state={state} mode={mode} />
        </>
      )}
    </Stack>
  )
}

/** The document, where it stands in a version. */
function Whole({ asset, state, mode }: Omit<Props, 'sides'>) {
  const versionOf = { added: state.to, removed: mode === 'versions' ? state.from : state.version, changed: undefined }
  const isInVersion = mode === 'versions' || (mode === 'location' && asset.change === 'removed')
  const { kind, lineage } = asset
  const { data } = useQuery({
    ...reads('snapshots.asset', {
      snapshotId: state.snapshot ?? '',
      kind,
      lineage,
      version: versionOf[asset.change],
    }),
    enabled: isInVersion && state.snapshot !== undefined,
  })
  if (!isInVersion) return null
  return data === undefined ? <Skeleton height={200} /> : <JsonView value={data.asset.document} label={asset.name} />
}
