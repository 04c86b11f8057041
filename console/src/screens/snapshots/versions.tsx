import { Button, Group, Skeleton, Stack, Text, Textarea, TextInput, Timeline, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { TextLink } from '../../parts/link-button.tsx'
import { Failure } from '../../parts/states.tsx'
import { When } from '../../parts/when.tsx'
import { texts } from './texts.ts'

type Version = Output<'snapshots.versions'>['versions'][number]
const words = texts.one
const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0)

/** The versions on a time line, newest first, with their names and notes. */
export function Versions({ snapshotId, mayWrite }: { snapshotId: string; mayWrite: boolean }) {
  const { data, error, refetch } = useQuery(reads('snapshots.versions', { snapshotId }))
  const [edited, setEdited] = useState<Version | null>(null)
  const failure = error && <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return failure ?? <Skeleton height={240} />
  return (
    <>
      {failure}
      {edited && <Describe snapshotId={snapshotId} version={edited} onClose={() => setEdited(null)} />}
      <Timeline bulletSize={14} lineWidth={2} active={data.versions.length}>
        {data.versions.map((version) => (
          <Timeline.Item key={version.version}>
            <Stack gap={2}>
              <Group gap="xs">
                <Title order={2} size="h5" dir="auto">
                  {words.versionOf(version.version)}
                  {version.name && ` · ${version.name}`}
                </Title>
                <Text size="sm" c="dimmed">
                  <When at={version.createdAt} />
                </Text>
              </Group>
              {version.note && (
                <Text size="sm" dir="auto" style={{ whiteSpace: 'pre-wrap' }}>
                  {version.note}
                </Text>
              )}
              <Text size="sm" c="dimmed">
                {texts.assets(sum(version.assets))}
              </Text>
              <Group gap="md">
                {version.version > 1 && (
                  <TextLink
                    to="/app/compare"
                    search={{ snapshot: snapshotId, from: version.version - 1, to: version.version } as never}
                  >
                    {words.compare}
                  </TextLink>
                )}
                {mayWrite && (
                  <Button variant="subtle" size="compact-sm" onClick={() => setEdited(version)}>
                    {words.rename}
                  </Button>
                )}
              </Group>
            </Stack>
          </Timeline.Item>
        ))}
      </Timeline>
    </>
  )
}

interface DescribeProps {
  snapshotId: string
  version: Version
  onClose: () => void
}

function Describe({ snapshotId, version, onClose }: DescribeProps) {
  const form = useForm({ initialValues: { name: version.name ?? '', note: version.note ?? '' } })
  const describe = useAct('snapshots.describeVersion', {
    changes: ['snapshots.versions', 'snapshots.get', 'snapshots.list'],
    onDone: onClose,
  })
  const submit = form.onSubmit(({ name, note }) =>
    describe.mutate({ snapshotId, version: version.version, name: name.trim() || null, note: note.trim() || null }),
  )
  return (
    <Dialog title={words.versionOf(version.version)} isDirty={form.isDirty() && !describe.isPending} onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={words.versionName} data-autofocus {...form.getInputProps('name')} />
          <Textarea label={words.versionNote} autosize minRows={3} {...form.getInputProps('note')} />
          <Group justify="flex-end">
            <Button type="submit" loading={describe.isPending}>
              {words.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
