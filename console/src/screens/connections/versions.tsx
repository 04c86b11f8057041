import { Button, Card, Collapse, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reads } from '../../api/query.ts'
import { useAct } from '../../parts/act.ts'
import { FieldDiffs } from '../../parts/field-diff.tsx'
import { showDone } from '../../parts/notices.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { When } from '../../parts/when.tsx'
import { ofConnection, type Version, type Whole } from './standing.tsx'
import { texts } from './texts.ts'
import { readable } from './version-words.ts'

const words = texts.versions
const CHANGED = ['connections.get', 'connections.list', 'connections.listAll', 'connections.versions'] as const

/** What it was at each time, the newest first: what changed, and the way back. */
export function Versions({ connection }: { connection: Whole }) {
  const { data, error, refetch } = useQuery(reads('connections.versions', ofConnection(connection)))
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Waiting lines={4} />
  return (
    <Stack component="ol" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label={words.label}>
      {data.versions.map((version) => (
        <li key={version.version}>
          <VersionCard connection={connection} version={version} />
        </li>
      ))}
    </Stack>
  )
}

function VersionCard({ connection, version: { version, isLive, createdAt } }: { connection: Whole; version: Version }) {
  const of = ofConnection(connection)
  const mayWork = useMayWork()
  const [shown, show] = useState<'changes' | 'back' | null>(null)
  const isNewest = version === connection.version
  const rollback = useAct('connections.rollback', {
    changes: CHANGED,
    onDone: (made) => {
      show(null)
      showDone(words.backDone(made.connection.version))
    },
  })
  const deploy = useAct('connections.deploy', { changes: CHANGED, onDone: () => showDone(words.deployed(version)) })
  return (
    <Card withBorder padding="sm">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Group gap="md">
            <Text size="sm" fw={600}>
              {words.at(version)}
            </Text>
            {isLive && <Tone tone="good">{words.live}</Tone>}
            {isNewest && <Tone tone="calm">{words.newest}</Tone>}
            <Text size="sm" c="dimmed">
              <When at={createdAt} />
            </Text>
          </Group>
          <Group gap="xs">
            <Button
              size="compact-sm"
              variant="default"
              aria-expanded={shown === 'changes'}
              onClick={() => show(shown === 'changes' ? null : 'changes')}
            >
              {words.before}
            </Button>
            {mayWork && !isNewest && (
              <Button size="compact-sm" variant="default" onClick={() => show('back')}>
                {words.back}
              </Button>
            )}
            {mayWork && !isLive && (
              <Button
                size="compact-sm"
                variant="default"
                loading={deploy.isPending}
                onClick={() => deploy.mutate({ ...of, version })}
              >
                {words.deploy}
              </Button>
            )}
          </Group>
        </Group>
        <Collapse expanded={shown !== null}>
          {shown === 'changes' &&
            (version === 1 ? (
              <Text size="sm">{words.first}</Text>
            ) : (
              <Difference connection={connection} from={version - 1} to={version} />
            ))}
          {shown === 'back' && (
            <Stack gap="sm">
              <Text size="sm">{words.backLead(version)}</Text>
              <Difference connection={connection} from={connection.version} to={version} />
              <Group>
                <Button
                  loading={rollback.isPending}
                  onClick={() => rollback.mutate({ ...of, version, revision: connection.revision })}
                >
                  {words.backSure}
                </Button>
              </Group>
            </Stack>
          )}
        </Collapse>
      </Stack>
    </Card>
  )
}

function Difference({ connection, from, to }: { connection: Whole; from: number; to: number }) {
  const { data, error, refetch } = useQuery(reads('connections.diff', { ...ofConnection(connection), from, to }))
  if (error) return <Failure error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Waiting lines={3} />
  if (data.fields.length === 0) return <Text size="sm">{words.same}</Text>
  const { object } = connection.definition.mapping
  return <FieldDiffs fields={readable(data.fields, object)} sides={words.sides} />
}
