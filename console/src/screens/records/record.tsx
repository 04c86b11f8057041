import { Button, Grid, RangeSlider, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CallError, call } from '../../api/call.ts'
import { askAgain } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { ChangeEntry, ChangeList } from '../../parts/change-list.tsx'
import { isDoc } from '../../parts/document/editors.ts'
import { labelOf } from '../../parts/document/labels.ts'
import { LinkButton } from '../../parts/link-button.tsx'
import { Page } from '../../parts/page.tsx'
import { useMayWork } from '../../parts/role.ts'
import { Failure } from '../../parts/states.tsx'
import { Moment } from '../../parts/when.tsx'
import { type Kind, recordAddress } from './address.ts'
import { recordEditorOf } from './editors.ts'
import { NamedDiffs } from './named-diffs.tsx'
import { type FieldNames, isMoment, isTold, readable, useFieldNames } from './readable.ts'
import classes from './records.module.css'
import { useReferences } from './references.ts'
import { Remove } from './remove.tsx'
import { changedBetween, type Entry, recordAt } from './replay.ts'
import { type Doc, nameOf, readRecord } from './sources.ts'
import { TakeSnapshot, useMayTake } from './take.tsx'
import { texts } from './texts.ts'
import { Thread } from './thread.tsx'
import { Trail } from './trail.tsx'

const { record: words } = texts

interface Place {
  locationId: string
  kind: Kind
  recordId: string
}

const PAGE = 200
/** How far back the slider reaches at most. */
const MOST_PAGES = 5

/** All changes of a record, newest first. */
async function readHistory(place: Place, signal: AbortSignal): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let page = 0; page < MOST_PAGES; page++) {
    const last = entries.at(-1)?.id
    const input = { ...place, limit: PAGE, ...(last === undefined ? {} : { before: last }) }
    const { history } = await call('records.history', input, { signal })
    entries.push(...history)
    if (history.length < PAGE) break
  }
  return entries
}

/** With whom a conversation is: it has no name of its own. */
function usePartner({ locationId, kind }: Place, doc: Doc | null): string {
  const contactId = typeof doc?.contactId === 'string' ? doc.contactId : ''
  const { data } = useQuery({
    queryKey: ['record', { locationId, kind: 'contacts', recordId: contactId }],
    queryFn: ({ signal }) => readRecord('contacts', locationId, contactId, signal).catch(nullWhereGone),
    enabled: kind === 'conversations' && contactId !== '',
  })
  return nameOf(data ?? null)
}

export function RecordPage() {
  const place = useParams({ strict: false }) as Place
  const { locationId, kind, recordId } = place
  const present = useQuery({
    queryKey: ['record', place],
    // What was deleted has a past all the same.
    queryFn: ({ signal }) => readRecord(kind, locationId, recordId, signal).catch(nullWhereGone),
  })
  const history = useQuery({
    queryKey: ['records.history', place],
    queryFn: ({ signal }) => readHistory(place, signal),
  })
  const fields = useFieldNames(locationId)
  const mayWrite = useMayWork()
  const mayTake = useMayTake(kind)
  const [{ at, take }, change] = useAddress(recordAddress)
  const editor = recordEditorOf(kind)?.change
  const partner = usePartner(place, present.data ?? null)
  const error = present.error ?? history.error
  const failure = error && <Failure error={error} onRetry={askAgain(present, history)} />
  // What is there stays, with the dialog over it, where it could not be read again.
  if (present.data === undefined && failure) return failure
  const doc = present.data ?? null
  const name = kind === 'conversations' ? partner : nameOf(doc)
  return (
    <Page
      title={name || recordId}
      actions={
        <>
          {mayTake && (
            <Button variant="default" onClick={() => change({ take: true }, 'push')}>
              {texts.take.label}
            </Button>
          )}
          {editor && mayWrite && doc && (
            <>
              <LinkButton
                to={`/app/locations/${locationId}/records/${kind}/${recordId}/edit` as never}
                variant="default"
              >
                {texts.form.open}
              </LinkButton>
              <Remove place={place} editor={editor} name={name || recordId} />
            </>
          )}
        </>
      }
      trail={<Trail locationId={locationId} kind={kind} />}
    >
      {take && mayTake && (
        <TakeSnapshot
          locationId={locationId}
          kind={kind}
          recordIds={[recordId]}
          at={at}
          onClose={() => change({ take: undefined })}
        />
      )}
      {failure}
      {present.data === undefined || history.data === undefined ? (
        !failure && <Skeleton height={320} />
      ) : (
        <Grid>
          <Grid.Col span={{ base: 12, md: 7 }}>
            <InTime locationId={locationId} present={doc} entries={history.data} fields={fields} />
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Stack>
              {kind === 'conversations' && <Thread locationId={locationId} conversationId={recordId} />}
              <Title order={2} size="h5">
                {words.history}
              </Title>
              <ChangeList label={words.history}>
                {history.data.map((entry) => (
                  <ChangeEntry
                    key={entry.id}
                    change={entry}
                    diffs={(shown) => <NamedDiffs locationId={locationId} {...shown} />}
                  />
                ))}
              </ChangeList>
              {history.data.length === PAGE * MOST_PAGES && (
                <Text size="sm" c="dimmed">
                  {words.cut(PAGE * MOST_PAGES)}
                </Text>
              )}
            </Stack>
          </Grid.Col>
        </Grid>
      )}
    </Page>
  )
}

function nullWhereGone(error: unknown): null {
  if (error instanceof CallError && [400, 404].includes(error.status)) return null
  throw error
}

interface InTimeProps {
  locationId: string
  present: Doc | null
  entries: readonly Entry[]
  fields: FieldNames
}

/** The record between two moments: each step of the slider is a change, the last is now. */
function InTime({ locationId, present, entries, fields }: InTimeProps) {
  const [{ at, since }, change] = useAddress(recordAddress)
  const moments = [...new Set(entries.map((entry) => Date.parse(entry.at)))].sort((one, other) => one - other)
  const last = moments.length - 1
  const indexOf = (ms: number) =>
    Math.max(
      moments.findLastIndex((moment) => moment <= ms),
      0,
    )
  const to = at === undefined ? last : indexOf(at)
  const from = Math.min(since === undefined ? Math.max(to - 1, 0) : indexOf(since), to)
  const first = moments[0] ?? Number.NEGATIVE_INFINITY
  const isBefore = at !== undefined && at < first
  const isNow = to === last && !isBefore
  const shown = isNow || last < 0 ? present : recordAt(present, entries, isBefore ? at : (moments[to] as number))
  const before = isBefore ? shown : last < 0 ? present : recordAt(present, entries, moments[from] as number)
  const changed = changedBetween(before, shown)
  const namesIn = useReferences(locationId, [shown, before])
  const when = (index: number) => (moments[index] === undefined ? '' : told(moments[index]))
  const tell = (name: string, value: unknown) => {
    if (isEmpty(value)) return null
    const text = readable(namesIn(name, value), fields)
    return isMoment(value) ? <Moment at={value}>{text}</Moment> : text
  }
  const names = [...new Set([...Object.keys(shown ?? {}), ...changed])].filter(
    (name) =>
      isTold(name) &&
      (changed.has(name) || !isEmpty(shown?.[name])) &&
      // The wire repeats whose it is.
      !(name === 'contact' && isDoc(shown?.contact)),
  )
  return (
    <Stack>
      {last > 0 && (
        <RangeSlider
          min={0}
          max={last}
          minRange={0}
          value={[from, to]}
          onChange={([one, other]) => change({ since: moments[one], at: other === last ? undefined : moments[other] })}
          label={when}
          thumbFromLabel={words.since}
          thumbToLabel={words.shown}
          marks={moments.length > 60 ? [] : moments.map((_, value) => ({ value }))}
          mb="xs"
          mx="xs"
        />
      )}
      <Text size="sm" role="status">
        {isNow ? words.now : `${words.asOf} ${isBefore ? told(at) : when(to)}`}.{' '}
        {last > 0 && words.changed(changed.size)}
      </Text>
      {shown === null ? (
        <Text c="dimmed">{present === null && isNow ? words.gone : words.notYet}</Text>
      ) : (
        <dl className={classes.fields} aria-label={words.fields}>
          {names.map((name) => (
            <Pair
              key={name}
              name={name}
              value={tell(name, shown[name])}
              before={tell(name, before?.[name])}
              isChanged={changed.has(name)}
            />
          ))}
        </dl>
      )}
    </Stack>
  )
}

const told = (ms: number) => new Date(ms).toLocaleString('en-GB')

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

interface PairProps {
  name: string
  value: ReactNode
  before: ReactNode
  isChanged: boolean
}

function Pair({ name, value, before, isChanged }: PairProps) {
  return (
    <>
      <dt data-changed={isChanged}>
        {labelOf(name)}
        {isChanged && ` (${words.mark})`}
      </dt>
      <dd data-changed={isChanged} dir="auto">
        {value ?? words.nothing}
        {isChanged && (
          <Text size="xs" dir="auto">
            {words.was}
            {before ?? words.nothing}
          </Text>
        )}
      </dd>
    </>
  )
}
