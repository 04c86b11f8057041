import { Button, Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'
import type { NextPages } from './next-pages.ts'
import { Failure } from './states.tsx'
import { listRows, type TableProps, VirtualTable } from './virtual-table.tsx'

interface Props<R> extends Omit<TableProps<R>, 'count' | 'rowAt' | 'onRange' | 'onMore' | 'isLoading'> {
  pages: NextPages<R>
  /** What stands there where the list has no rows. */
  empty: ReactNode
}

/** A list that is read onwards, as a table: what is further down comes when somebody gets there. */
export function PagedTable<R>({ pages, empty, ...table }: Props<R>) {
  const failure = pages.error && <Failure error={pages.error} onRetry={pages.refetch} />
  if (failure && pages.rows.length === 0) return failure
  if (pages.isEmpty) return empty
  return (
    <Stack>
      {failure}
      <VirtualTable
        {...table}
        {...listRows(pages.rows)}
        isLoading={pages.isPending}
        onMore={pages.hasMore && !pages.isLoadingMore ? pages.loadMore : undefined}
      />
    </Stack>
  )
}

interface MoreProps {
  pages: Pick<NextPages<unknown>, 'hasMore' | 'isLoadingMore' | 'loadMore'>
  label: string
  size?: 'xs'
}

/** Below, or above, what has come of a list: the way to what has not. */
export const MoreButton = ({ pages, label, size }: MoreProps) =>
  pages.hasMore && (
    <Group>
      <Button variant="default" {...(size && { size })} loading={pages.isLoadingMore} onClick={pages.loadMore}>
        {label}
      </Button>
    </Group>
  )
