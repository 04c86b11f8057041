import { Alert, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { lazy, Suspense, useId, useRef, useState } from 'react'
import { CallError, send } from '../../api/call.ts'
import { currentSession } from '../../api/session.ts'
import { JsonView, valueIn, valueText } from '../../parts/json-view.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { useRole } from '../../parts/role.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { toAddress, toCall, toFormSchema } from './code.ts'
import type { Entry } from './entries.ts'
import { texts } from './texts.ts'

// Its parts are large, and not needed to read the catalogue.
const SchemaForm = lazy(async () => ({ default: (await import('./schema-form.tsx')).SchemaForm }))

/** Names of inputs that say where. */
export const PLACES = ['locationId', 'location_id', 'companyId', 'company_id']
const MOST_SHOWN = 100_000

interface Answer {
  status: number
  ms: number
  body: unknown
}

interface Props {
  entry: Entry
  values: Record<string, unknown>
  onChange: (values: Record<string, unknown>) => void
  locationId: string
  onLocation: (locationId: string) => void
}

/** What is filled in, with where it is meant. */
export function withPlaces({ operation }: Entry, values: Record<string, unknown>, locationId: string) {
  const names = Object.keys((operation.input as { properties?: object }).properties ?? {})
  const companyId = currentSession()?.company.id
  const places = { locationId, location_id: locationId, companyId, company_id: companyId }
  return {
    ...values,
    ...Object.fromEntries(Object.entries(places).filter(([name, value]) => names.includes(name) && value)),
  }
}

/** The server has answered, and done nothing. */
const isRefused = (fault: unknown) => fault instanceof CallError && fault.status >= 400 && fault.status < 500

/** Carries an entry out for real, in a sub-account of one's choice. */
export function TryIt({ entry, values, onChange, locationId, onLocation }: Props) {
  const id = useId()
  // Whoever is sure is so of what stands there then, and once.
  const [sureOf, setSureOf] = useState<string | null>(null)
  const underWay = useRef(false)
  const [isBusy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const { access, output, token } = entry.operation
  const mayWrite = useRole('operator')
  const words = texts.try
  const meant = JSON.stringify([values, locationId])
  const isSure = sureOf === meant
  const needsLocation = token === 'location' || token === 'either'
  if (output === null) return <Text size="sm">{words.stream}</Text>
  if (access !== 'read' && !mayWrite) return <Text size="sm">{words.refused}</Text>

  const run = async (filled: Record<string, unknown>) => {
    // A double click carries it out once.
    if (underWay.current) return
    underWay.current = true
    setBusy(true)
    setFault(null)
    setSureOf(null)
    const call = toCall(entry, withPlaces(entry, filled, locationId))
    const startedMs = performance.now()
    try {
      const response = await send(
        call.method,
        toAddress(call),
        call.body ?? undefined,
        locationId === '' ? {} : { locationId },
      )
      const text = await response.text()
      const ms = Math.round(performance.now() - startedMs)
      // What is no JSON is shown as it came: it was carried out all the same.
      setAnswer({ status: response.status, ms, body: text === '' ? undefined : valueIn(text) })
    } catch (error) {
      setAnswer(null)
      setFault(error instanceof CallError ? error : new Error(String(error)))
    } finally {
      underWay.current = false
      setBusy(false)
    }
  }
  const schema = toFormSchema(entry, PLACES)
  const hasFields = Object.keys(schema.properties ?? {}).length > 0
  const mayRun = (!needsLocation || locationId !== '') && (access !== 'destructive' || isSure)
  return (
    <Stack gap="md">
      {needsLocation && (
        <LocationPicker
          label={words.location}
          description={words.locationHint}
          value={locationId}
          onChange={(next) => {
            setAnswer(null)
            setFault(null)
            onLocation(next)
          }}
        />
      )}
      {access !== 'read' && (
        <Alert color={access === 'destructive' ? 'red' : 'yellow'} variant="outline" role="note">
          {access === 'destructive' ? words.deletes : words.writes}
        </Alert>
      )}
      <Suspense fallback={<Waiting lines={6} />}>
        <SchemaForm id={id} schema={schema} values={values} onChange={onChange} onSubmit={(filled) => void run(filled)}>
          <Stack gap="sm" mt={hasFields ? 'md' : 0}>
            {!hasFields && <Text size="sm">{words.noFields}</Text>}
            {access === 'destructive' && (
              <Checkbox
                label={words.sure}
                checked={isSure}
                onChange={(event) => setSureOf(event.currentTarget.checked ? meant : null)}
              />
            )}
            <Group>
              <Button type="submit" loading={isBusy} disabled={!mayRun} leftSection={<IconPlayerPlay size={16} />}>
                {answer === null ? words.run : words.again}
              </Button>
            </Group>
          </Stack>
        </SchemaForm>
      </Suspense>
      <div aria-live="polite">
        {fault !== null && <Failure error={fault} {...(isRefused(fault) && { title: words.failed })} />}
        {answer !== null && <Shown answer={answer} />}
      </div>
    </Stack>
  )
}

function Shown({ answer: { status, ms, body } }: { answer: Answer }) {
  const text = valueText(body)
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {texts.try.took(status, ms)}
      </Text>
      {body === undefined ? (
        <Text size="sm">{texts.try.nothing}</Text>
      ) : (
        <JsonView label={texts.try.answer} value={text.slice(0, MOST_SHOWN)} />
      )}
      {text.length > MOST_SHOWN && (
        <Text size="sm" c="dimmed">
          {texts.try.cut(MOST_SHOWN, text.length)}
        </Text>
      )}
    </Stack>
  )
}
