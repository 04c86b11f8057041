import { ActionIcon, Group, Select, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { askAgain, reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { TextLink } from '../../parts/link-button.tsx'
import { Empty, Failure } from '../../parts/states.tsx'
import { Moment } from '../../parts/when.tsx'
import { listAddress } from './address.ts'
import classes from './records.module.css'
import type { Doc } from './sources.ts'
import { texts } from './texts.ts'

const DAY_MS = 86_400_000
const dayOf = (date: Date) =>
  `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`
const shown = (date: Date) => date.toLocaleDateString('en-GB', { weekday: 'short', day: 'numeric', month: 'short' })

/** The Monday of the week in which a day lies; of this week where it is none. */
function mondayOf(day: string | undefined): Date {
  const asked = day === undefined ? new Date() : new Date(`${day}T00:00`)
  const date = Number.isNaN(asked.getTime()) ? new Date() : asked
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - ((date.getDay() + 6) % 7))
}

/** Appointments of a calendar, a week at a time, in the time of whoever looks. */
export function Week({ locationId }: { locationId: string }) {
  const [{ calendar, week }, change] = useAddress(listAddress)
  const calendars = useQuery(reads('calendars.list', { locationId }))
  const all = (calendars.data?.calendars ?? []) as Doc[]
  const calendarId = calendar ?? (all[0] === undefined ? undefined : String(all[0].id))
  const monday = mondayOf(week)
  const days = Array.from(
    { length: 7 },
    (_, index) => new Date(monday.getFullYear(), monday.getMonth(), monday.getDate() + index),
  )
  const end = new Date(monday.getFullYear(), monday.getMonth(), monday.getDate() + 7)
  const events = useQuery({
    ...reads('calendarEvents.list', {
      locationId,
      calendarId: calendarId ?? '-',
      startTime: String(monday.getTime()),
      endTime: String(end.getTime()),
    }),
    enabled: calendarId !== undefined,
  })
  const error = calendars.error ?? events.error
  const failure = error && <Failure error={error} onRetry={askAgain(calendars, events)} />
  if (failure && (calendars.data === undefined || events.data === undefined)) return failure
  if (calendars.data && all.length === 0) return <Empty title={texts.empty}>{texts.emptyHint}</Empty>
  const byDay = Map.groupBy((events.data?.events ?? []) as Doc[], ({ startTime }) => dayOf(new Date(String(startTime))))
  const go = (weeks: number) => change({ week: dayOf(new Date(monday.getTime() + weeks * 7 * DAY_MS + DAY_MS / 2)) })
  const step = { variant: 'default', size: 'lg' } as const
  return (
    <Stack>
      {failure}
      <Group>
        <Select
          aria-label={texts.calendar}
          value={calendarId ?? null}
          onChange={(next) => change({ calendar: next ?? undefined })}
          data={all.map(({ id, name }) => ({ value: String(id), label: String(name) }))}
        />
        <ActionIcon {...step} aria-label={texts.before} onClick={() => go(-1)}>
          <IconChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon {...step} aria-label={texts.after} onClick={() => go(1)}>
          <IconChevronRight size={18} aria-hidden />
        </ActionIcon>
        <TextInput
          type="date"
          aria-label={texts.weekOf}
          value={dayOf(monday)}
          onChange={(event) => event.currentTarget.value && change({ week: event.currentTarget.value })}
        />
        <Text size="sm">{texts.week(shown(monday), shown(days[6] as Date))}</Text>
      </Group>
      <div className={classes.week}>
        {days.map((day) => (
          <section key={dayOf(day)} className={classes.day} aria-label={shown(day)}>
            <Title order={2} size="h6">
              {shown(day)}
            </Title>
            {(byDay.get(dayOf(day)) ?? []).map((event) => (
              <Text key={String(event.id)} size="sm" dir="auto">
                <Moment at={String(event.startTime)}>
                  {new Date(String(event.startTime)).toLocaleTimeString('en-GB', { timeStyle: 'short' })}
                </Moment>{' '}
                <TextLink
                  to={'/app/locations/$locationId/records/$kind/$recordId' as never}
                  params={{ locationId, kind: 'appointments', recordId: String(event.id) } as never}
                >
                  {String(event.title ?? event.id)}
                </TextLink>
              </Text>
            ))}
            {events.isPending && <Skeleton height={16} width={64} />}
            {!events.isPending && !byDay.has(dayOf(day)) && (
              <Text size="xs" c="dimmed">
                {texts.free}
              </Text>
            )}
          </section>
        ))}
      </div>
    </Stack>
  )
}
