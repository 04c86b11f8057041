import { Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { call } from '../../../api/call.ts'
import { forget } from '../../../api/query.ts'
import { useAct } from '../../../parts/act.ts'
import { useMayWork } from '../../../parts/role.ts'
import { Failure } from '../../../parts/states.tsx'
import { Tone } from '../../../parts/tone.tsx'
import { SaveBar } from '../save-bar.tsx'
import { Section } from '../section.tsx'
import { ofConnection, type Whole } from '../standing.tsx'
import type { Draft } from '../use-draft.ts'
import { CsvForm } from './csv.tsx'
import { Export } from './export.tsx'
import { HookForm } from './hook.tsx'
import { MailForm } from './mail.tsx'
import { Permission } from './permission.tsx'
import { PollForm } from './poll.tsx'
import { Secrets } from './secrets.tsx'
import { ConnectionSettings } from './settings.tsx'
import { texts } from './texts.ts'

const FORMS = { hook: HookForm, file: CsvForm, mail: MailForm, poll: PollForm } as const

/** How it comes: who may send or where it is asked, by which secrets; and what else is set of the connection. */
export function Source({ connection, draft }: { connection: Whole; draft: Draft }) {
  const { way } = connection
  const mayWork = useMayWork()
  const Form = FORMS[way]
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
      <Section title={texts.title[way]}>
        {/* Who may not change it sees how it is all the same. */}
        <fieldset disabled={!mayWork} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
          <Form source={draft.definition.source} onChange={draft.setSource} />
        </fieldset>
        {mayWork && <Permission connection={connection} draft={draft} />}
        {mayWork && <SaveAndTest connection={connection} draft={draft} />}
      </Section>
      {mayWork && (
        <Stack gap="xl">
          <ConnectionSettings connection={connection} />
          <Export connection={connection} />
        </Stack>
      )}
    </SimpleGrid>
  )
}

/** What was changed is kept, then what was typed, and then the other program is asked by both. */
function SaveAndTest({ connection, draft }: { connection: Whole; draft: Draft }) {
  const of = ofConnection(connection)
  const [typed, type] = useState<Record<string, string>>({})
  const [fault, setFault] = useState<unknown>(null)
  const test = useAct('connections.test', { onFault: setFault })
  const hasTest = connection.way !== 'file'
  const goOn = async () => {
    const secrets = Object.fromEntries(Object.entries(typed).filter(([, secret]) => secret !== ''))
    try {
      if (Object.keys(secrets).length > 0) {
        await call('connections.setSecrets', { ...of, secrets })
        type({})
        void forget('connections.get')
      }
      if (hasTest) test.mutate(of)
    } catch (error) {
      setFault(error)
    }
  }
  const submit = () => {
    setFault(null)
    test.reset()
    if (draft.isDirty) draft.save(() => void goOn())
    else void goOn()
  }
  const { data: said } = test
  return (
    <>
      <Secrets connection={connection} source={draft.definition.source} typed={typed} onType={type} />
      {fault !== null && <Failure error={fault} title={texts.secretFault} />}
      <SaveBar draft={draft}>
        <Button loading={draft.isSaving || test.isPending} onClick={submit}>
          {hasTest ? texts.save : texts.saveOnly}
        </Button>
      </SaveBar>
      {said !== undefined && (
        <Group gap="sm" role="status" aria-label={texts.tested}>
          {connection.way === 'poll' ? (
            <>
              <Tone tone={said.reached ? 'good' : 'bad'}>{said.reached ? texts.ok : texts.notOk}</Tone>
              <Text size="sm" dir="auto">
                {said.message}
              </Text>
            </>
          ) : (
            <Tone tone={said.reached ? 'good' : 'calm'}>{said.message}</Tone>
          )}
        </Group>
      )}
    </>
  )
}
