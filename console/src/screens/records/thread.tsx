import { Button, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { call } from '../../api/call.ts'
import { Failure } from '../../parts/states.tsx'
import { When } from '../../parts/when.tsx'
import classes from './records.module.css'
import type { Doc } from './sources.ts'
import { texts } from './texts.ts'

const PAGE = 100

/** The newest messages of a conversation, the oldest of them first, and a way to those before. */
export function Thread({ locationId, conversationId }: { locationId: string; conversationId: string }) {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['messages.list', conversationId],
    queryFn: ({ pageParam, signal }) =>
      call(
        'messages.list',
        { conversationId, limit: PAGE, ...(pageParam && { lastMessageId: pageParam }) },
        { signal, locationId },
      ),
    initialPageParam: '',
    getNextPageParam: ({ messages: { nextPage, lastMessageId } }) => (nextPage ? lastMessageId : undefined),
  })
  if (error) return <Failure error={error} />
  if (data === undefined) return <Skeleton height={160} />
  const messages = (data.pages.flatMap((page) => page.messages.messages) as Doc[]).toReversed()
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        {texts.record.thread}
      </Title>
      {hasNextPage && (
        <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {texts.record.olderMessages}
        </Button>
      )}
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
