import { Button, Skeleton, Stack, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { call, type Input } from '../../api/call.ts'
import { kindWord } from '../../parts/kinds.ts'
import { Failure } from '../../parts/states.tsx'
import classes from './snapshots.module.css'
import { texts } from './texts.ts'

export type Selection = Pick<Input<'snapshots.preview'>, 'kinds' | 'assets'>

const words = texts.form
const PAGE = 100

/** What a capture would take: what comes along because something chosen refers to it, and to what. */
export function Along({ locationId, selection }: { locationId: string; selection: Selection }) {
  const pages = useInfiniteQuery({
    queryKey: ['snapshots.preview', locationId, selection],
    queryFn: ({ pageParam, signal }) =>
      call(
        'snapshots.preview',
        { locationId, ...selection, dependency: true, limit: PAGE, ...(pageParam && { after: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.after,
    placeholderData: keepPreviousData,
  })
  const first = pages.data?.pages[0]
  if (pages.error) return <Failure error={pages.error} onRetry={() => void pages.refetch()} />
  if (first === undefined) return <Skeleton height={60} />
  return (
    <Stack gap={4} component="section" aria-label={words.along} aria-busy={pages.isPlaceholderData}>
      <Text size="sm" fw={600} aria-live="polite">
        {words.taken(first.total, first.dependencies)}
      </Text>
      {first.dependencies > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by key
        <ul className={classes.along} tabIndex={0} aria-label={words.along}>
          {pages.data?.pages
            .flatMap((page) => page.assets)
            .map(({ kind, id, name, neededBy }) => (
              <li key={`${kind}/${id}`}>
                {kindWord(kind)} <bdi>{name}</bdi>
                {neededBy !== undefined && (
                  <Text span size="xs" c="dimmed">
                    {' '}
                    {words.neededBy} {kindWord(neededBy.kind)} <bdi>{neededBy.name}</bdi>
                  </Text>
                )}
              </li>
            ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          style={{ alignSelf: 'flex-start' }}
          loading={pages.isFetchingNextPage}
          onClick={() => void pages.fetchNextPage()}
        >
          {words.more}
        </Button>
      )}
    </Stack>
  )
}
