import { type PointerEvent, useState } from 'react'
import { DAY_MINUTES, endOf, placeOf, type Span } from '../../parts/hours.ts'
import week from '../../parts/week.module.css'
import { Rest } from '../../parts/week.tsx'
import { drawn, type Held, hourAt, joined, label } from './hours-drag.ts'
import classes from './location.module.css'

interface Props {
  spans: readonly Span[]
  /** Of the day before. */
  before: readonly Span[]
  onChange: (spans: Span[]) => void
  /** Somebody has pointed at hours without moving them. */
  onPoint: () => void
}

interface Drawing extends Held {
  /** Of the hours that are held; null: they are new. */
  index: number | null
  now: Span
  isMoved: boolean
}

/** Less than this is a hand that trembles. */
const LEAST_MINUTES = 8

function minuteOf({ currentTarget, clientX }: PointerEvent<HTMLElement>): number {
  const { left, width } = currentTarget.getBoundingClientRect()
  return ((clientX - left) / width) * DAY_MINUTES
}

/**
 * The hours of a day on a line of 24, drawn by hand: new ones on what is free, others at their ends or as a whole.
 * Whoever has no hand free finds the same in the fields below it.
 */
export function HoursLine({ spans, before, onChange, onPoint }: Props) {
  const [drawing, setDrawing] = useState<Drawing | null>(null)
  const begin = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const began = minuteOf(event)
    const { grip = 'new', index } = (event.target as HTMLElement).dataset as Partial<Record<string, string>>
    const span = index === undefined ? undefined : spans[Number(index)]
    const held: Held = { grip: grip as Held['grip'], span: span ?? hourAt(began), began }
    setDrawing({ ...held, index: span === undefined ? null : Number(index), now: held.span, isMoved: false })
  }
  const move = (event: PointerEvent<HTMLElement>) => {
    if (drawing === null) return
    const isMoved = drawing.isMoved || Math.abs(minuteOf(event) - drawing.began) >= LEAST_MINUTES
    if (isMoved) setDrawing({ ...drawing, isMoved, now: drawn(drawing, minuteOf(event)) })
  }
  const end = () => {
    if (drawing === null) return
    setDrawing(null)
    if (!drawing.isMoved && drawing.index !== null) onPoint()
    else onChange(joined([...spans.filter((_, at) => at !== drawing.index), drawing.now]))
  }
  const shown = spans.map((span, index) => (drawing?.index === index ? drawing.now : span))
  return (
    <div
      className={`${week.track} ${classes.line}`}
      aria-hidden
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={() => setDrawing(null)}
    >
      <Rest before={before} />
      {shown.map((span, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: hours have nothing else that lasts while they are drawn
          key={index}
          className={week.open}
          style={placeOf(span)}
          title={label(span)}
          data-grip="whole"
          data-index={index}
        >
          <i className={classes.grip} data-grip="from" data-index={index} />
          {endOf(span) <= DAY_MINUTES && <i className={classes.grip} data-grip="to" data-index={index} />}
        </div>
      ))}
      {drawing?.index === null && <div className={week.open} style={placeOf(drawing.now)} />}
      {drawing?.isMoved && (
        <output className={classes.drawing} style={{ left: placeOf(drawing.now).left }}>
          {label(drawing.now)}
        </output>
      )}
    </div>
  )
}
