import { Skeleton, Stack, Text } from '@mantine/core'
import type { Input } from '../../api/call.ts'
import { kindWord } from '../../parts/kinds.ts'
import { usePagesOf } from '../../parts/next-pages.ts'
import { MoreButton } from '../../parts/paged-table.tsx'
import { Failure } from '../../parts/states.tsx'
import classes from './snapshots.module.css'
import { texts } from './texts.ts'

export type Selection = Pick<Input<'snapshots.preview'>, 'kinds' | 'assets'>

const words = texts.form
const PAGE = 100

/** What a capture would take: what comes along because something chosen refers to it, and to what. */
export function Along({ locationId, selection }: { locationId: string; selection: Selection }) {
  const pages = usePagesOf(
    'snapshots.preview',
    { locationId, ...selection, dependency: true, limit: PAGE },
    { rows: (page) => page.assets, keepsOld: true },
  )
  const { first } = pages
  if (pages.error) return <Failure error={pages.error} onRetry={pages.refetch} />
  if (first === undefined) return <Skeleton height={60} />
  return (
    <Stack gap={4} component="section" aria-label={words.along} aria-busy={pages.isOld}>
      <Text size="sm" fw={600} aria-live="polite">
        {words.taken(first.total, first.dependencies)}
      </Text>
      {first.dependencies > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by key
        <ul className={classes.along} tabIndex={0} aria-label={words.along}>
          {pages.rows.map(({ kind, id, name, neededBy }) => (
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
      <MoreButton pages={pages} label={words.more} size="xs" />
    </Stack>
  )
}
