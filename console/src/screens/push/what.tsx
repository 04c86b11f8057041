import { Button, Group, Select, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { versionName } from '../../parts/version-name.ts'
import type { PushState } from './address.ts'
import { texts } from './texts.ts'

export interface PartProps {
  state: PushState
  onChange: (patch: Partial<PushState>) => void
}

/** Which snapshot goes, and which of its versions. */
export function What({ state: { snapshot, version, only }, onChange }: PartProps) {
  const words = texts.what
  const snapshots = useQuery(reads('snapshots.list', {}))
  const versions = useQuery({
    ...reads('snapshots.versions', { snapshotId: snapshot ?? '' }),
    enabled: snapshot !== undefined,
  })
  const newest = versions.data?.versions[0]?.version
  return (
    <Group gap="sm" align="flex-end" component="section" aria-label={words.title}>
      <Select
        label={words.snapshot}
        w={{ base: '100%', xs: 280 }}
        searchable
        allowDeselect={false}
        data={(snapshots.data?.snapshots ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={snapshot ?? null}
        onChange={(id) =>
          onChange({ snapshot: id ?? undefined, version: undefined, only: undefined, decide: undefined })
        }
      />
      {snapshot !== undefined && (
        <Select
          label={words.version}
          w={{ base: '100%', xs: 220 }}
          allowDeselect={false}
          data={(versions.data?.versions ?? []).map((one) => ({
            value: String(one.version),
            label: versionName(one, newest),
          }))}
          value={String(version ?? newest ?? '')}
          onChange={(next) =>
            onChange({ version: Number(next) === newest ? undefined : Number(next), decide: undefined })
          }
        />
      )}
      {only !== undefined && (
        <Group gap={6} pb={6}>
          <Text size="sm">{words.only(only.length)}</Text>
          <Button size="compact-sm" variant="subtle" onClick={() => onChange({ only: undefined })}>
            {words.allOfIt}
          </Button>
        </Group>
      )}
    </Group>
  )
}
