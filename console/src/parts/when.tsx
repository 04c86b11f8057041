import { Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const DAYS_SHOWN = 7
const LOOK_MS = 30_000

const ago = (at: Date): string => {
  const seconds = (at.getTime() - Date.now()) / 1000
  if (Math.abs(seconds) > DAYS_SHOWN * 86_400)
    return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ['second', 1]
  return unit === 'second' ? 'just now' : relative.format(Math.round(seconds / size), unit)
}

/** A moment as people say it; exactly, and in the location's own time where that is known, for whoever points at it. */
export function When({ at, timezone }: { at: string; timezone?: string | undefined }) {
  const date = new Date(at)
  const [, look] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => look((count) => count + 1), LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  const there =
    timezone === undefined
      ? ''
      : ` · there: ${date.toLocaleString('en-GB', { timeZone: timezone, dateStyle: 'medium', timeStyle: 'short' })}`
  return (
    <Tooltip label={full.format(date) + there}>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {ago(date)}
      </time>
    </Tooltip>
  )
}
