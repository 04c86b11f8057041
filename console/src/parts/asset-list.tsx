import { Text, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef } from 'react'
import classes from './asset-list.module.css'
import { byKind, kindName } from './kinds.ts'
import { isTyping } from './typing.ts'

/** What marks an asset: a sign of one or two letters, and what it stands for. */
export interface ListedAsset {
  key: string
  kind: string
  name: string
  mark?: { sign: string; meaning: string; tone: string } | undefined
  note?: string | undefined
}

/** `kind/lineage`: how an asset stands in an address. */
export const assetKey = ({ kind, lineage }: { kind: string; lineage: string }): string => `${kind}/${lineage}`

const { compare } = new Intl.Collator()

/** By their names, whatever order an answer has. */
export const byName = (one: { name: string }, other: { name: string }): number => compare(one.name, other.name)

interface Props {
  label: string
  assets: readonly ListedAsset[]
  chosen: string | undefined
  onChoose: (key: string) => void
}

const ROW_PX = 34

/** Assets below their kinds, thousands of them if need be; `j` and `k` go to the next and the previous one. */
export function AssetList({ label, assets, chosen, onChoose }: Props) {
  const frame = useRef<HTMLDivElement>(null)
  const { rows, order } = useMemo(() => toRows(assets), [assets])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  })
  const place = rows.findIndex((row) => row.asset?.key === chosen)
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(place, { align: 'auto' })
  }, [place, virtual])
  useNextByKey(order, chosen, onChoose)
  const choose = (key: string) => {
    onChoose(key)
    requestAnimationFrame(() => showBelow(frame.current))
  }
  return (
    <section ref={frame} className={classes.frame} aria-label={label}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start, key }) => {
          const { kind, count, asset } = rows[index] as Row
          const style = { transform: `translateY(${start}px)`, height: ROW_PX }
          if (asset === undefined)
            return (
              <div key={key} className={classes.kind} style={style}>
                <span className="one-line">{kindName(kind)}</span>
                <Text span size="xs" c="dimmed" className="tabular">
                  {count}
                </Text>
              </div>
            )
          return (
            <UnstyledButton
              key={key}
              className={classes.asset}
              style={style}
              aria-current={asset.key === chosen || undefined}
              onClick={() => choose(asset.key)}
            >
              {asset.mark && (
                <abbr
                  className={classes.mark}
                  style={{ color: `var(--tone-${asset.mark.tone})` }}
                  title={asset.mark.meaning}
                >
                  {asset.mark.sign}
                </abbr>
              )}
              <span className="one-line" dir="auto" title={asset.name}>
                {asset.name}
              </span>
              {asset.note !== undefined && (
                <Text span size="xs" c="dimmed" ml="auto" className="tabular">
                  {asset.note}
                </Text>
              )}
            </UnstyledButton>
          )
        })}
      </div>
    </section>
  )
}

/** The head of the page, which stays, and some air. */
const HEAD_PX = 64

/**
 * In a narrow window what is told of an asset stands below the list, and on a long page it begins where the window ends:
 * whoever has chosen one is led there.
 */
function showBelow(list: HTMLElement | null): void {
  const beside = list?.parentElement?.nextElementSibling?.getBoundingClientRect()
  if (list === null || beside === undefined) return
  const isBelow = beside.top >= list.getBoundingClientRect().bottom
  if (!isBelow && beside.top < window.innerHeight / 2) return
  window.scrollBy({ top: beside.top - HEAD_PX })
}

interface Row {
  kind: string
  count: number
  asset?: ListedAsset
}

function toRows(assets: readonly ListedAsset[]): { rows: Row[]; order: string[] } {
  const kinds = Map.groupBy(assets, ({ kind }) => kind)
  const rows = [...kinds.keys()].sort(byKind).flatMap((kind): Row[] => {
    const members = kinds.get(kind) ?? []
    return [{ kind, count: members.length }, ...members.map((asset) => ({ kind, count: 0, asset }))]
  })
  return { rows, order: rows.flatMap(({ asset }) => (asset === undefined ? [] : [asset.key])) }
}

function useNextByKey(order: readonly string[], chosen: string | undefined, onChoose: (key: string) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = { j: 1, k: -1 }[event.key]
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const place = chosen === undefined ? (step > 0 ? -1 : order.length) : order.indexOf(chosen)
      const next = order[Math.min(Math.max(place + step, 0), order.length - 1)]
      if (next !== undefined) onChoose(next)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [order, chosen, onChoose])
}
