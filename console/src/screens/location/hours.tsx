import { ActionIcon, Button, Group, Text, Title, UnstyledButton } from '@mantine/core'
import { IconChevronRight, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import type { Doc } from '../../parts/document/editors.ts'
import { useForm } from '../../parts/document/form.ts'
import { clock, DAY_MINUTES, DAYS, dayBefore, SHOWN, type Span, spansText, weekOf } from '../../parts/hours.ts'
import { Scale, Track } from '../../parts/week.tsx'
import { toOpenHours } from './hours-drag.ts'
import { HoursLine } from './hours-line.tsx'
import classes from './location.module.css'
import { texts } from './texts.ts'

const { hours: words } = texts

const NEW: Span = { from: 9 * 60, to: 17 * 60 }

/** When a calendar is open: a week of lines that are drawn on, and below each what it says, to be typed. */
export function Hours({ document, onChange }: { document: Doc; onChange: (document: Doc) => void }) {
  const { readOnly } = useForm()
  const week = weekOf(document.openHours)
  const [open, setOpen] = useState<number | null>(null)
  return (
    <section aria-label={words.title}>
      <Title order={2} size="h5">
        {words.title}
      </Title>
      {!readOnly && (
        <Text size="sm" c="dimmed">
          {words.hint}
        </Text>
      )}
      <div className={classes.scale}>
        <Scale />
      </div>
      {SHOWN.map((day) => {
        const [spans, before] = [week.get(day) ?? [], week.get(dayBefore(day)) ?? []]
        const set = (next: Span[]) => onChange({ ...document, openHours: toOpenHours(new Map(week).set(day, next)) })
        const isOpen = open === day
        return (
          <div key={day} className={classes.day}>
            <UnstyledButton
              className={classes.dayName}
              aria-expanded={isOpen}
              onClick={() => setOpen(isOpen ? null : day)}
              disabled={readOnly}
            >
              <Text size="sm" fw={600}>
                {!readOnly && <IconChevronRight size={14} aria-hidden data-open={isOpen} />}
                {DAYS[day]}
              </Text>
              <Text size="xs" c="dimmed">
                {spansText(spans, words.closed)}
              </Text>
            </UnstyledButton>
            {readOnly ? (
              <Track spans={spans} before={before} />
            ) : (
              <HoursLine spans={spans} before={before} onChange={set} onPoint={() => setOpen(day)} />
            )}
            {isOpen && <Fields day={DAYS[day] ?? ''} spans={spans} onChange={set} />}
          </div>
        )
      })}
    </section>
  )
}

interface FieldsProps {
  day: string
  spans: readonly Span[]
  onChange: (spans: Span[]) => void
}

/** The hours of a day to the minute. */
function Fields({ day, spans, onChange }: FieldsProps) {
  const edit = (at: number, change: Partial<Span>) =>
    onChange(spans.map((span, index) => (index === at ? { ...span, ...change } : span)))
  return (
    <ul className={classes.hours}>
      {spans.map((span, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: hours have nothing else that lasts while they are edited
        <li key={index}>
          <Group gap={6} wrap="nowrap">
            <Time label={words.from(day, index + 1)} value={span.from} onChange={(from) => edit(index, { from })} />–
            <Time
              label={words.to(day, index + 1)}
              value={span.to}
              // Midnight ends a day.
              onChange={(to) => edit(index, { to: to || DAY_MINUTES })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={words.remove(day, index + 1)}
              onClick={() => onChange(spans.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Group>
        </li>
      ))}
      <li>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={12} aria-hidden />}
          onClick={() => onChange([...spans, NEW])}
        >
          {words.add(day)}
        </Button>
      </li>
    </ul>
  )
}

interface TimeProps {
  label: string
  value: number
  onChange: (minutes: number) => void
}

const Time = ({ label, value, onChange }: TimeProps) => (
  <input
    type="time"
    aria-label={label}
    className={classes.time}
    value={clock(value)}
    onChange={({ currentTarget }) => {
      const [hour = Number.NaN, minute = Number.NaN] = currentTarget.value.split(':').map(Number)
      if (Number.isFinite(hour + minute)) onChange(hour * 60 + minute)
    }}
  />
)
