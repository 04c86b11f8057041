import { ActionIcon, Button, Group, Text, Title } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { Doc } from '../../parts/document/editors.ts'
import { useForm } from '../../parts/document/form.ts'
import { clock, DAYS, SHOWN, type Span, Track, weekOf } from '../../parts/week.tsx'
import classes from './location.module.css'
import { texts } from './texts.ts'

const { hours: words } = texts

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
            <Track spans={spans} />
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
      value={clock(value)}
      onChange={({ currentTarget }) => {
        const [hour = Number.NaN, minute = Number.NaN] = currentTarget.value.split(':').map(Number)
        if (Number.isFinite(hour + minute)) onChange(hour * 60 + minute)
      }}
    />
  )
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
