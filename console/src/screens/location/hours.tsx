import { ActionIcon, Button, Group, Text, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type Doc, isDoc } from '../../parts/document/editors.ts'
import { useForm } from '../../parts/document/form.ts'
import classes from './location.module.css'
import { texts } from './texts.ts'

const { hours: words } = texts

interface Span {
  from: number
  to: number
}

/** As the wire counts them: 0 is Sunday. Shown from Monday on. */
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const SHOWN = [1, 2, 3, 4, 5, 6, 0]
const DAY = 24 * 60
const NEW: Span = { from: 9 * 60, to: 17 * 60 }

/** When a calendar is open, day by day. */
export function Hours({ document, onChange }: { document: Doc; onChange: (document: Doc) => void }) {
  const { readOnly } = useForm()
  const week = weekOf(document.openHours)
  const set = (day: number, spans: Span[]) =>
    onChange({ ...document, openHours: toOpenHours(new Map(week).set(day, spans)) })
  return (
    <section aria-label={words.title}>
      <Title order={2} size="h5">
        {words.title}
      </Title>
      {SHOWN.map((day) => {
        const name = DAYS[day] as string
        const spans = week.get(day) ?? []
        const edit = (at: number, change: Partial<Span>) =>
          set(
            day,
            spans.map((span, index) => (index === at ? { ...span, ...change } : span)),
          )
        return (
          <div key={day} className={classes.day}>
            <Text size="sm" fw={600}>
              {name}
            </Text>
            <div className={classes.track} aria-hidden>
              {spans.map(({ from, to }) => (
                <div
                  key={`${from}-${to}`}
                  className={classes.open}
                  style={{
                    left: `${(from / DAY) * 100}%`,
                    width: `${((to > from ? to - from : DAY - from) / DAY) * 100}%`,
                  }}
                />
              ))}
            </div>
            <ul className={classes.hours}>
              {spans.length === 0 && (
                <Text component="li" size="sm" c="dimmed">
                  {words.closed}
                </Text>
              )}
              {spans.map((span, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: hours have nothing else that lasts while they are edited
                <li key={index}>
                  <Group gap={6} wrap="nowrap">
                    <Time
                      label={words.from(name, index + 1)}
                      value={span.from}
                      onChange={(from) => edit(index, { from })}
                    />
                    –
                    <Time label={words.to(name, index + 1)} value={span.to} onChange={(to) => edit(index, { to })} />
                    {!readOnly && (
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={words.remove(name, index + 1)}
                        onClick={() =>
                          set(
                            day,
                            spans.filter((_, at) => at !== index),
                          )
                        }
                      >
                        <IconTrash size={16} aria-hidden />
                      </ActionIcon>
                    )}
                  </Group>
                </li>
              ))}
              {!readOnly && (
                <li>
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    leftSection={<IconPlus size={12} aria-hidden />}
                    onClick={() => set(day, [...spans, NEW])}
                  >
                    {words.add(name)}
                  </Button>
                </li>
              )}
            </ul>
          </div>
        )
      })}
    </section>
  )
}

function Time({ label, value, onChange }: { label: string; value: number; onChange: (minutes: number) => void }) {
  const { readOnly } = useForm()
  return (
    <input
      type="time"
      aria-label={label}
      readOnly={readOnly}
      className={classes.time}
      value={`${two(Math.floor(value / 60) % 24)}:${two(value % 60)}`}
      onChange={({ currentTarget }) => {
        const [hour = Number.NaN, minute = Number.NaN] = currentTarget.value.split(':').map(Number)
        if (Number.isFinite(hour + minute)) onChange(hour * 60 + minute)
      }}
    />
  )
}

const two = (number: number) => String(number).padStart(2, '0')

function weekOf(openHours: unknown): Map<number, Span[]> {
  const week = new Map<number, Span[]>()
  for (const one of Array.isArray(openHours) ? openHours.filter(isDoc) : [])
    for (const day of (one.daysOfTheWeek ?? []) as number[])
      week.set(day, [
        ...(week.get(day) ?? []),
        ...((one.hours ?? []) as Record<string, number>[]).map(
          ({ openHour = 0, openMinute = 0, closeHour = 0, closeMinute = 0 }) => ({
            from: openHour * 60 + openMinute,
            to: closeHour * 60 + closeMinute,
          }),
        ),
      ])
  return week
}

/** Days with the same hours are one entry. */
function toOpenHours(week: ReadonlyMap<number, Span[]>) {
  const open = [...week].filter(([, spans]) => spans.length > 0)
  return [...Map.groupBy(open, ([, spans]) => JSON.stringify(spans)).values()].map((days) => ({
    daysOfTheWeek: days.map(([day]) => day).sort((one, other) => one - other),
    hours: (days[0]?.[1] ?? []).map(({ from, to }) => ({
      openHour: Math.floor(from / 60) % 24,
      openMinute: from % 60,
      closeHour: Math.floor(to / 60) % 24,
      closeMinute: to % 60,
    })),
  }))
}
