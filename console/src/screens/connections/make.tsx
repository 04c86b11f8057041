import { Checkbox, FileInput, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call, type Output } from '../../api/call.ts'
import { forget, reads } from '../../api/query.ts'
import { useDeed, useIsThere } from '../../parts/act.ts'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { LocationPicker } from '../../parts/location-picker.tsx'
import { showMeanwhile } from '../../parts/notices.tsx'
import { showOnce } from '../../parts/once.tsx'
import { useRole } from '../../parts/role.ts'
import { SecretDialog } from '../../parts/secret.tsx'
import { Failure } from '../../parts/states.tsx'
import { kindOf } from './source/hook.tsx'
import { isAddress } from './source/poll.tsx'
import { type Connection, toConnection } from './standing.tsx'
import { ownDefinition, type Preset, presetDefinition } from './starts.ts'
import { texts } from './texts.ts'

const words = texts.form
type Made = Output<'connections.create'>

/** What is chosen besides presets, which are called by their ids. */
const OWN = ['own:contact', 'own:invoice', 'own:location', 'own:document'] as const
type Own = (typeof OWN)[number]
const ownOf = (what: string): 'contact' | 'invoice' | 'location' | 'document' | undefined =>
  OWN.includes(what as Own) ? (what.slice('own:'.length) as 'contact') : undefined

/** Makes a connection as a draft. Ends with its address, which is shown this once. */
export function MakeConnection({ locationId, onClose }: { locationId: string; onClose: () => void }) {
  const navigate = useNavigate()
  const [fault, setFault] = useState<unknown>(null)
  const [made, setMade] = useState<Made | null>(null)
  const { data, error } = useQuery(reads('connections.presets', {}))
  // What makes sub-accounts is the agency's own.
  const mayMakeOwn = useRole('operator')
  const presets = (data?.presets ?? []).filter(
    ({ definition }) => mayMakeOwn || definition.mapping.object !== 'location',
  )
  const go = ({ connection }: Made) => void navigate(toConnection(connection))
  const isThere = useIsThere()
  const leave = (done: Made) =>
    done.address === null ? showMeanwhile(() => go(done)) : showOnce(words.address, done.address)
  const form = useForm({
    initialValues: {
      what: '',
      name: '',
      locationId,
      way: 'hook' as Connection['way'],
      url: '',
      isSigned: false,
      file: null as File | null,
    },
    validate: {
      what: (value) => (value === '' ? words.whatFault : null),
      name: (value, { what }) => (value.trim() === '' && ownOf(what) !== 'document' ? words.nameFault : null),
      locationId: (value, { what }) =>
        value === '' && !isAgencys(presets, what) && !(mayMakeOwn && ownOf(what) === 'document')
          ? words.locationFault
          : null,
      url: (value, { what, way }) =>
        way === 'poll' && waysOf(presets, what).includes(way) && !isAddress(value.trim()) ? words.urlFault : null,
      file: (value, { what }) => (ownOf(what) === 'document' && value === null ? words.fileFault : null),
    },
  })
  const preset = presets.find(({ id }) => id === form.values.what)
  const own = ownOf(form.values.what)
  const ways = waysOf(presets, form.values.what)
  const make = async (values: typeof form.values): Promise<Made> => {
    const { locationId: place, way, url, isSigned, file } = values
    if (own === 'document') return importFrom(file, place)
    const name = values.name.trim()
    const common = { ...(isAgencys(presets, values.what) ? {} : { locationId: place }), name }
    if (preset !== undefined)
      return call('connections.create', {
        ...common,
        way: preset.way === 'hook' ? way : preset.way,
        definition: presetDefinition(preset, { way, url: url.trim(), isSigned }),
      })
    const definition = ownDefinition(own ?? 'contact', way, url.trim())
    return call('connections.create', { ...common, way, definition })
  }
  const create = useDeed<Made, typeof form.values>({
    mutationFn: make,
    onError: setFault,
    onSuccess: (done) => {
      void forget('connections.list', 'connections.listAll')
      if (!isThere.current) leave(done)
      else if (done.address === null) go(done)
      else setMade(done)
    },
  })
  const submit = form.onSubmit((values) => {
    setFault(null)
    create.mutate(values)
  })
  const choose = (what: string | null) => {
    const next = presets.find(({ id }) => id === what)
    // A name that somebody has written stays.
    const isUntouched = form.values.name === '' || presets.some(({ name }) => name === form.values.name)
    form.setValues({ what: what ?? '', way: 'hook', ...(isUntouched ? { name: next?.name ?? '' } : {}) })
    form.clearErrors()
  }
  const close = () => (made === null ? onClose() : go(made))
  return (
    <SecretDialog
      title={made === null ? words.title : words.made}
      secret={made === null ? null : (made.address ?? '')}
      label={words.address}
      hint={words.addressHint}
      isDirty={form.isDirty()}
      isMaking={create.isPending}
      onClose={close}
    >
      <form onSubmit={submit}>
        <Stack>
          {(fault ?? error) !== null && <Failure error={fault ?? error} title={words.failed} />}
          <Select
            label={words.what}
            description={hintOf(preset, own)}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            placeholder={words.whatPlaceholder}
            searchable
            allowDeselect={false}
            data-autofocus
            openOnFocus={false}
            maxDropdownHeight={420}
            data={choicesOf(presets, mayMakeOwn)}
            value={form.values.what || null}
            onChange={choose}
            error={form.errors.what}
          />
          {own === 'document' ? (
            <FileInput label={words.file} accept=".json,application/json" {...form.getInputProps('file')} />
          ) : (
            <TextInput label={words.name} description={words.nameHint} {...form.getInputProps('name')} />
          )}
          {isAgencys(presets, form.values.what) ? (
            <Text size="sm">{texts.becomesLocations}</Text>
          ) : (
            <LocationPicker
              label={texts.location}
              {...(mayMakeOwn && own === 'document' ? { description: words.locationHint } : {})}
              value={form.values.locationId}
              onChange={(id) => form.setFieldValue('locationId', id)}
              error={form.errors.locationId}
            />
          )}
          {ways.length > 0 && (
            <Radio.Group label={words.way} {...form.getInputProps('way')}>
              <Stack mt="xs" gap="xs">
                {ways.map((way) => (
                  <Radio key={way} value={way} label={words.ways[way]} />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {form.values.way === 'poll' && ways.includes('poll') && (
            <TextInput label={words.url} description={words.urlHint} dir="ltr" {...form.getInputProps('url')} />
          )}
          {preset !== undefined && form.values.way === 'hook' && signerOf(preset) !== null && (
            <Checkbox
              label={words.signed(signerOf(preset) ?? '')}
              description={words.signedHint}
              {...form.getInputProps('isSigned', { type: 'checkbox' })}
            />
          )}
          <DialogButtons submit={words.submit} isPending={create.isPending} onClose={onClose} />
        </Stack>
      </form>
    </SecretDialog>
  )
}

/** Whether what is chosen becomes sub-accounts. */
const isAgencys = (presets: readonly Preset[], what: string) =>
  ownOf(what) === 'location' || presets.find(({ id }) => id === what)?.definition.mapping.object === 'location'

/** How it may come. Of presets only what is sent may be fetched as well: a file and a mail are read by their own rules. */
function waysOf(presets: readonly Preset[], what: string): readonly Connection['way'][] {
  const own = ownOf(what)
  if (own !== undefined) return own === 'document' ? [] : ['hook', 'file', 'mail', 'poll']
  return presets.find(({ id }) => id === what)?.way === 'hook' ? ['hook', 'poll'] : []
}

const hintOf = (preset: Preset | undefined, own: ReturnType<typeof ownOf>) =>
  preset?.description ?? (own === undefined ? words.whatHint : words.hints[own])

/** Who signs what the preset is about; null: nobody does. */
function signerOf({ definition: { source } }: Preset): string | null {
  const kind = kindOf(source.verify)
  return kind === 'address' ? null : (words.signers[kind] ?? kind)
}

const choicesOf = (presets: readonly Preset[], mayMakeOwn: boolean) => [
  ...(['contact', 'invoice', ...(mayMakeOwn ? (['location'] as const) : [])] as const).map((object) => ({
    group: words.groups[object],
    items: presets
      .filter(({ definition }) => definition.mapping.object === object)
      .map(({ id, name }) => ({ value: id, label: name })),
  })),
  {
    group: words.groups.other,
    items: OWN.filter((what) => mayMakeOwn || what !== 'own:location').map((what) => ({
      value: what as string,
      label: words.own[ownOf(what) ?? 'contact'],
    })),
  },
]

/** As it was elsewhere: in the agency itself where it makes sub-accounts. Throws where it is no file of ours. */
async function importFrom(file: File | null, locationId: string): Promise<Made> {
  const document = await documentIn(file)
  const makesLocations = document?.definition?.mapping?.object === 'location'
  if (!makesLocations && locationId === '') throw new Error(words.locationFault)
  return call('connections.import', { ...(makesLocations ? {} : { locationId }), document })
}

async function documentIn(file: File | null) {
  try {
    return JSON.parse((await file?.text()) ?? '')
  } catch (cause) {
    throw new Error(words.fileFault, { cause })
  }
}
