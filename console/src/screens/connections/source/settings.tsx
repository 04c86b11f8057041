import { Button, Group, NumberInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { forget } from '../../../api/query.ts'
import { useDeed } from '../../../parts/act.ts'
import { BothEdited, type TellPart } from '../../../parts/document/both-edited.tsx'
import { isClear, type Merged, mergeEdits } from '../../../parts/document/merge-edits.ts'
import { hideDone, showDone } from '../../../parts/notices.tsx'
import { Failure } from '../../../parts/states.tsx'
import { namedIn } from '../definition-parts.ts'
import { ChangedMeanwhile, saveOn } from '../save-on.ts'
import { Section } from '../section.tsx'
import type { Whole } from '../standing.tsx'
import { texts } from './texts.ts'

const words = texts.settings

const valuesOf = ({ name, settings }: Whole) => ({
  name,
  retentionDays: settings.retentionDays ?? 30,
  sharePercent: Math.round((settings.pauseShare ?? 0.5) * 100),
  pauseLeast: settings.pauseLeast ?? 20,
  alertUrl: settings.alertUrl ?? '',
})
type Values = ReturnType<typeof valuesOf>

const LABELS: Record<keyof Values, string> = {
  name: words.name,
  retentionDays: words.days,
  sharePercent: words.share,
  pauseLeast: words.least,
  alertUrl: words.alert,
}
const tell: TellPart = (name, sides) => [{ path: LABELS[name as keyof Values], ...sides }]

/** What is set of it apart from its versions: how it is called, how long it remembers, and who hears of failures. */
export function ConnectionSettings({ connection }: { connection: Whole }) {
  const [fault, setFault] = useState<unknown>(null)
  // What it was when it was filled in: what others do meanwhile is not taken back unseen.
  const [base, setBase] = useState(connection)
  const [merge, setMerge] = useState<(Merged & { present: Whole; said: string }) | null>(null)
  const merged = (present: Whole, mine: Values) => {
    const was = valuesOf(base)
    return mergeEdits(namedIn(was), { base: was, theirs: valuesOf(present), mine })
  }
  const update = useDeed({
    onMutate: hideDone,
    mutationFn: (values: Values) => {
      const { name, sharePercent, alertUrl, ...numbers } = values
      const settings = { ...numbers, pauseShare: sharePercent / 100, alertUrl: alertUrl.trim() || null }
      return saveOn(base, { name: name.trim(), settings }, (present) => isClear(merged(present, values)))
    },
    onSuccess: ({ saved }) => {
      void forget('connections.get', 'connections.list', 'connections.listAll')
      setBase(saved)
      showDone(words.saved)
    },
    onError: (error) => {
      if (!(error instanceof ChangedMeanwhile)) return setFault(error)
      const { present, message: said } = error
      setMerge({ present, said, ...merged(present, form.getValues()) })
    },
  })
  const form = useForm({
    initialValues: valuesOf(connection),
    validate: { name: (value) => (value.trim() === '' ? words.nameFault : null) },
  })
  const submit = form.onSubmit((values) => {
    setFault(null)
    update.mutate(values)
  })
  return (
    <form onSubmit={submit}>
      <Section title={words.title}>
        {fault !== null && <Failure error={fault} title={words.failed} />}
        {merge !== null && (
          <BothEdited
            {...merge}
            tell={tell}
            onSettle={(values) => {
              if (values !== null) {
                setBase(merge.present)
                form.setValues(values as Values)
              }
              setMerge(null)
            }}
          />
        )}
        <TextInput label={words.name} {...form.getInputProps('name')} />
        <NumberInput label={words.days} min={1} max={365} {...form.getInputProps('retentionDays')} />
        <NumberInput label={words.share} min={0} max={100} {...form.getInputProps('sharePercent')} />
        <NumberInput label={words.least} min={1} max={10_000} {...form.getInputProps('pauseLeast')} />
        <TextInput label={words.alert} description={words.alertHint} dir="ltr" {...form.getInputProps('alertUrl')} />
        <Group>
          <Button type="submit" variant="default" loading={update.isPending}>
            {words.save}
          </Button>
        </Group>
      </Section>
    </form>
  )
}
