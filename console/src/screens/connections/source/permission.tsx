import { Alert, Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../../../parts/act.ts'
import { CopyField } from '../../../parts/copy-field.tsx'
import { showDone } from '../../../parts/notices.tsx'
import { Sure } from '../../../parts/sure.tsx'
import { When } from '../../../parts/when.tsx'
import { Section } from '../section.tsx'
import { ofConnection, type Whole } from '../standing.tsx'
import type { Draft } from '../use-draft.ts'
import { missingSecrets } from './needed.ts'
import { isByPerson } from './oauth.tsx'
import { texts } from './texts.ts'

const words = texts.permission
const CHANGED = ['connections.get', 'connections.list'] as const

/** Nobody at the other program allows it now. */
const isNeeded = ({ authorisation, state }: Whole) =>
  authorisation !== null && (!authorisation.isAuthorised || state === 'needs_authorisation')

/** To the other program, which asks the person and sends them back. */
function Authorise({ connection, isAgain = false }: { connection: Whole; isAgain?: boolean }) {
  const leave = useAct('connections.authorise', { onDone: ({ address }) => window.location.assign(address) })
  return (
    <Button
      variant={isAgain ? 'default' : 'filled'}
      loading={leave.isPending}
      onClick={() => leave.mutate(ofConnection(connection))}
    >
      {isAgain ? words.again : words.button}
    </Button>
  )
}

/** Above all tabs: what a person has to do before anything can come. */
export function PermissionNeeded({ connection, isDirty }: { connection: Whole; isDirty: boolean }) {
  if (!isNeeded(connection) || missingSecrets(connection).length > 0) return null
  return (
    <Alert
      color="yellow"
      variant="outline"
      title={words.needed}
      styles={{ title: { color: 'var(--mantine-color-text)' } }}
    >
      <Text size="sm" mb="xs">
        {isDirty ? words.saveFirst : words.lead}
      </Text>
      {!isDirty && <Authorise connection={connection} />}
    </Alert>
  )
}

/** Where people come back to, who has allowed it, and how it ends. */
export function Permission({ connection, draft }: { connection: Whole; draft: Draft }) {
  const [asksEnd, askEnd] = useState(false)
  const end = useAct('connections.disconnect', {
    changes: CHANGED,
    onDone: ({ revoked }) => {
      askEnd(false)
      showDone(revoked ? words.revoked : words.disconnected)
    },
  })
  if (!isByPerson(draft.definition.source.poll?.authorisation)) return null
  const { authorisation } = connection
  return (
    <Section title={words.title} isInner>
      {draft.isDirty || authorisation === null ? (
        <Text size="sm">{words.saveFirst}</Text>
      ) : (
        <CopyField label={words.redirect} description={words.redirectHint} value={authorisation.redirectUri} />
      )}
      {authorisation?.isAuthorised && (
        <>
          <Text size="sm" dir="auto">
            {authorisation.as === null ? words.isAuthorised : words.isAuthorisedAs(authorisation.as)}{' '}
            {authorisation.at !== null && <When at={authorisation.at} />}
          </Text>
          {asksEnd ? (
            <Sure
              lead={words.disconnectLead}
              label={words.disconnectSure}
              isPending={end.isPending}
              onYes={() => end.mutate(ofConnection(connection))}
              onNo={() => askEnd(false)}
            />
          ) : (
            <Group gap="xs">
              {!draft.isDirty && !isNeeded(connection) && <Authorise connection={connection} isAgain />}
              <Button variant="default" onClick={() => askEnd(true)}>
                {words.disconnect}
              </Button>
            </Group>
          )}
        </>
      )}
    </Section>
  )
}
