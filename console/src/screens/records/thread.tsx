import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { usePagesOf } from '../../parts/next-pages.ts'
import { MoreButton } from '../../parts/paged-table.tsx'
import { Failure } from '../../parts/states.tsx'
import { When } from '../../parts/when.tsx'
import classes from './records.module.css'
import type { Doc } from './sources.ts'
import { texts } from './texts.ts'

const PAGE = 100

/** The newest messages of a conversation, the oldest of them first, and a way to those before. */
export function Thread({ locationId, conversationId }: { locationId: string; conversationId: string }) {
  const pages = usePagesOf(
    'messages.list',
    { conversationId, limit: PAGE },
    {
      locationId,
      rows: (page) => page.messages.messages as Doc[],
      next: ({ messages: { nextPage, lastMessageId } }) => (nextPage ? { lastMessageId } : null),
    },
  )
  const failure = pages.error && <Failure error={pages.error} onRetry={() => void pages.refetch()} />
  if (failure && pages.rows.length === 0) return failure
  if (pages.isPending) return <Skeleton height={160} />
  const messages = pages.rows.toReversed()
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {texts.record.thread}
      </Title>
      {failure}
      <MoreButton pages={pages} label={texts.record.olderMessages} size="xs" />
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
