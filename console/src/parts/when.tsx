import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { createContext, type ReactNode, useContext, useSyncExternalStore } from 'react'
import { reads } from '../api/query.ts'
import { textIn } from './address.ts'
import { useHint } from './hint.tsx'
import { texts } from './texts.ts'

const { moments: words } = texts

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
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
  return unit === 'second' ? words.now : relative.format(Math.round(seconds / size), unit)
}

const Place = createContext<string | null | undefined>(undefined)

/** What is shown in it is of this location; null: of none. Without it: of the one that the address of the page names. */
export const OfLocation = ({ id, children }: { id: string | null; children: ReactNode }) => (
  <Place value={id}>{children}</Place>
)

function usePlace(): string | null {
  const nearest = useContext(Place)
  const { locationId } = useParams({ strict: false }) as { locationId?: string }
  const { location } = useSearch({ strict: false }) as { location?: unknown }
  return nearest === undefined ? (locationId ?? textIn(location) ?? null) : nearest
}

/** All that say how long ago something was look at the clock together. */
const looking = new Set<() => void>()
let turns = 0
const turn = () => turns
let timer: ReturnType<typeof setInterval> | undefined
function looked(look: () => void): () => void {
  looking.add(look)
  timer ??= setInterval(() => {
    turns++
    for (const one of looking) one()
  }, LOOK_MS)
  return () => {
    looking.delete(look)
    if (looking.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** A moment as people say it; exactly for whoever points at it. */
export function When({ at }: { at: string }) {
  useSyncExternalStore(looked, turn)
  return (
    <Moment at={at}>
      <span style={{ whiteSpace: 'nowrap' }}>{ago(new Date(at))}</span>
    </Moment>
  )
}

/** The same, said in other words. */
export function Moment({ at, children }: { at: string; children: ReactNode }) {
  const { pointed, hint } = useHint(<Exactly at={new Date(at)} />)
  return (
    <>
      <time dateTime={at} {...pointed}>
        {children}
      </time>
      {hint}
    </>
  )
}

const inZone = (at: Date, timeZone: string) =>
  at.toLocaleString('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'medium' })

/** By the clock of whoever looks, and by that of the location. It is drawn, and asks for the zone, when somebody points at it. */
function Exactly({ at }: { at: Date }) {
  const place = usePlace()
  const { data } = useQuery({
    ...reads('locations.get', { locationId: place ?? '' }),
    enabled: place !== null,
    retry: false,
  })
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  const there = data?.location.timezone
  const yours = inZone(at, here)
  if (there === here) return words.both(yours, here)
  return (
    <Stack gap={0}>
      <Text size="sm">{words.yours(yours, here)}</Text>
      {there && <Text size="sm">{words.theirs(inZone(at, there), there)}</Text>}
    </Stack>
  )
}
