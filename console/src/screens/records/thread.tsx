import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { reads } from '../../api/query.ts'
import { Failure } from '../../parts/states.tsx'
import { When } from '../../parts/when.tsx'
import classes from './records.module.css'
import type { Doc } from './sources.ts'
import { texts } from './texts.ts'

const MOST = 100

/** The newest messages of a conversation, the oldest of them first. */
export function Thread({ locationId, conversationId }: { locationId: string; conversationId: string }) {
  const { data, error } = useQuery(reads('messages.list', { conversationId, limit: MOST }, { locationId }))
  if (error) return <Failure error={error} />
  if (data === undefined) return <Skeleton height={160} />
  const messages = (data.messages.messages as Doc[]).toReversed()
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {texts.record.thread}
      </Title>
      <ol className={classes.thread} aria-label={texts.record.thread}>
        {messages.map((one) => (
          <li key={String(one.id)} className={classes.message} data-direction={String(one.direction)}>
            <Text size="xs" c="dimmed">
              {String(one.messageType).replace('TYPE_', '').toLowerCase().replaceAll('_', ' ')} ·{' '}
              <When at={String(one.dateAdded)} />
            </Text>
            <Text size="sm" dir="auto">
              {String(one.body ?? '')}
            </Text>
          </li>
        ))}
      </ol>
    </Stack>
  )
}
