import { Button, Group, NumberInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { useAct } from '../../../parts/act.ts'
import { showDone } from '../../../parts/notices.tsx'
import { Failure } from '../../../parts/states.tsx'
import { Section } from '../section.tsx'
import { ofConnection, type Whole } from '../standing.tsx'
import { texts } from './texts.ts'

const words = texts.settings

/** What is set of it apart from its versions: how it is called, how long it remembers, and who hears of failures. */
export function ConnectionSettings({ connection }: { connection: Whole }) {
  const { name, settings } = connection
  const [fault, setFault] = useState<unknown>(null)
  const update = useAct('connections.update', {
    changes: ['connections.get', 'connections.list', 'connections.listAll'],
    onFault: setFault,
    onDone: () => showDone(words.saved),
  })
  const form = useForm({
    initialValues: {
      name,
      retentionDays: settings.retentionDays ?? 30,
      sharePercent: Math.round((settings.pauseShare ?? 0.5) * 100),
      pauseLeast: settings.pauseLeast ?? 20,
      alertUrl: settings.alertUrl ?? '',
    },
    validate: { name: (value) => (value.trim() === '' ? words.nameFault : null) },
  })
  const submit = form.onSubmit(({ name: next, sharePercent, alertUrl, ...numbers }) => {
    setFault(null)
    const own = { ...numbers, pauseShare: sharePercent / 100, alertUrl: alertUrl.trim() || null }
    update.mutate({ ...ofConnection(connection), name: next.trim(), settings: own })
  })
  return (
    <form onSubmit={submit}>
      <Section title={words.title}>
        {fault !== null && <Failure error={fault} title={words.failed} />}
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
