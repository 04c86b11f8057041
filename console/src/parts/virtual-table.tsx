import { Checkbox, Skeleton, Text, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, type ReactNode, useCallback, useEffect, useRef } from 'react'
import { texts } from './texts.ts'
import classes from './virtual-table.module.css'
import { OfLocation } from './when.tsx'

export interface Column<R> {
  key: string
  label: string
  /** A track of the grid: `2fr`, `120px`, `minmax(8rem, 1fr)`. */
  width: string
  cell: (row: R) => ReactNode
  /** Left out where the window is narrower. */
  from?: 'sm' | 'md'
  /** What the list is asked to be sorted by. */
  sort?: string
}

export interface Sorting {
  by: string
  descending: boolean
}

export interface Choice<R> {
  isChosen: (key: string) => boolean
  onToggle: (key: string) => void
  /** Whether all are chosen, none is, or some are; and the change to all or none. */
  state: 'all' | 'none' | 'some'
  onToggleAll: () => void
  /** What the box of a row is called. */
  labelOf: (row: R) => string
}

export interface TableProps<R> {
  label: string
  columns: readonly Column<R>[]
  count: number
  /** Undefined where it has not come yet. */
  rowAt: (index: number) => R | undefined
  keyOf: (row: R) => string
  /** Which rows are in sight, for lists that are read page by page wherever one looks. */
  onRange?: ((first: number, last: number) => void) | undefined
  rowHeight?: number
  /** More can be had: asked for before the end comes into sight. */
  onMore?: (() => void) | undefined
  /** The first page is on its way: as many rows of the right size. */
  isLoading?: boolean
  sorting?: Sorting | undefined
  onSort?: (sorting: Sorting) => void
  choice?: Choice<R>
  /** How high it may become, in CSS. */
  maxHeight?: string
}

const HEAD_PX = 38
const SKELETONS = 8
/** Rows before the end at which the next page is asked for. */
const AHEAD = 40

/** The rows of a list that is there from its beginning. */
export const listRows = <R,>(rows: readonly R[]) => ({ count: rows.length, rowAt: (index: number) => rows[index] })

/** A table that holds any number of rows: only those in sight are in the page. */
export function VirtualTable<R>(props: TableProps<R>) {
  const {
    columns,
    rowAt,
    keyOf,
    rowHeight = 44,
    onMore,
    onRange,
    isLoading = false,
    choice,
    maxHeight = '70dvh',
  } = props
  const count = isLoading ? 0 : props.count
  const frame = useRef<HTMLDivElement>(null)
  const latest = useRef(choice)
  latest.current = choice
  const toggle = useCallback((key: string) => latest.current?.onToggle(key), [])
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    paddingStart: HEAD_PX,
  })
  const items = virtual.getVirtualItems()
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0]
  useEffect(() => {
    if (last >= count - AHEAD) onMore?.()
  }, [last, count, onMore])
  useEffect(() => onRange?.(first, last), [first, last, onRange])
  const tracksOf = (shown: readonly Column<R>[]) =>
    `${choice ? '36px ' : ''}${shown.map(({ width }) => width).join(' ')}`
  const height = HEAD_PX + (isLoading ? SKELETONS : count) * rowHeight + 2
  return (
    <div
      ref={frame}
      role="table"
      aria-label={props.label}
      aria-rowcount={onMore ? -1 : count + 1}
      aria-busy={isLoading}
      tabIndex={0}
      className={classes.frame}
      style={
        {
          height: `min(${maxHeight}, ${height}px)`,
          '--tracks': tracksOf(columns),
          '--tracks-sm': tracksOf(columns.filter(({ from }) => from !== 'md')),
          '--tracks-xs': tracksOf(columns.filter(({ from }) => from === undefined)),
          '--row': `${rowHeight}px`,
        } as React.CSSProperties
      }
    >
      <div role="rowgroup" style={{ height: isLoading ? height : virtual.getTotalSize(), position: 'relative' }}>
        <div role="row" className={classes.head} aria-rowindex={1}>
          {choice && <ChooseAll choice={choice} />}
          {columns.map((column) => (
            <HeadCell key={column.key} column={column} sorting={props.sorting} onSort={props.onSort} />
          ))}
        </div>
        {isLoading &&
          Array.from({ length: SKELETONS }, (_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
            <div key={index} className={classes.row} style={{ transform: `translateY(${index * rowHeight}px)` }}>
              <Skeleton height={14} width="60%" style={{ gridColumn: '1 / -1', alignSelf: 'center' }} ml="xs" />
            </div>
          ))}
        {items.map(({ index, start }) => {
          const row = rowAt(index)
          const style = { transform: `translateY(${start - HEAD_PX}px)` }
          if (row === undefined)
            return (
              <div key={index} className={classes.row} style={style}>
                <Skeleton height={14} width="60%" style={{ gridColumn: '1 / -1', alignSelf: 'center' }} ml="xs" />
              </div>
            )
          const key = keyOf(row)
          return (
            <TableRow
              key={key}
              row={row}
              rowKey={key}
              index={index}
              y={start - HEAD_PX}
              columns={columns as readonly Column<unknown>[]}
              label={choice?.labelOf(row)}
              isChosen={choice?.isChosen(key)}
              onToggle={toggle}
            />
          )
        })}
      </div>
    </div>
  )
}

interface RowProps {
  row: unknown
  rowKey: string
  index: number
  /** Its place below the head, in pixels. */
  y: number
  columns: readonly Column<unknown>[]
  /** What its box is called; undefined: it has none. */
  label: string | undefined
  isChosen: boolean | undefined
  onToggle: (key: string) => void
}

/** Rows that are of a location say so; of others it is that of the page. */
const ownLocation = (row: unknown) => (row as { locationId?: string | null }).locationId

/** Drawn again only when something of it is another: scrolling draws the rows that come into sight, and no others. */
const TableRow = memo(function TableRow({ row, rowKey, index, y, columns, label, isChosen, onToggle }: RowProps) {
  const locationId = ownLocation(row)
  const cells = columns.map((column) => (
    <div key={column.key} role="cell" className={classes.cell} data-from={column.from}>
      {column.cell(row)}
    </div>
  ))
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      className={classes.row}
      style={{ transform: `translateY(${y}px)` }}
    >
      {label !== undefined && (
        <div role="cell" className={classes.cell}>
          <input
            type="checkbox"
            className={classes.box}
            aria-label={label}
            checked={isChosen === true}
            onChange={() => onToggle(rowKey)}
          />
        </div>
      )}
      {locationId === undefined ? cells : <OfLocation id={locationId}>{cells}</OfLocation>}
    </div>
  )
})

function ChooseAll({ choice }: { choice: Pick<Choice<never>, 'state' | 'onToggleAll'> }) {
  return (
    <div role="columnheader" className={classes.cell}>
      <Checkbox
        size="xs"
        aria-label={texts.chooseAll}
        checked={choice.state === 'all'}
        indeterminate={choice.state === 'some'}
        onChange={choice.onToggleAll}
      />
    </div>
  )
}

interface HeadProps<R> {
  column: Column<R>
  sorting: Sorting | undefined
  onSort: ((sorting: Sorting) => void) | undefined
}

function HeadCell<R>({ column: { sort, label, from }, sorting, onSort }: HeadProps<R>) {
  const isSorted = sort !== undefined && sorting?.by === sort
  const order = isSorted ? (sorting.descending ? 'descending' : 'ascending') : undefined
  const Arrow = sorting?.descending ? IconArrowDown : IconArrowUp
  return (
    <div role="columnheader" aria-sort={order} className={classes.cell} data-from={from}>
      {sort === undefined || onSort === undefined ? (
        <Text size="xs" fw={600} c="dimmed" className="one-line">
          {label}
        </Text>
      ) : (
        <UnstyledButton
          className={classes.sort}
          onClick={() => onSort({ by: sort, descending: isSorted ? !sorting.descending : false })}
        >
          {label}
          {isSorted && <Arrow size={13} aria-hidden />}
        </UnstyledButton>
      )}
    </div>
  )
}
