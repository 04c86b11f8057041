import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import { useAct } from '../../parts/act.ts'
import { CopyField } from '../../parts/copy-field.tsx'
import { showDone } from '../../parts/notices.tsx'
import { showOnce } from '../../parts/once.tsx'
import { SecretDialog } from '../../parts/secret.tsx'
import { Sure } from '../../parts/sure.tsx'
import { scopeText } from './scope-words.ts'
import { texts } from './texts.ts'

type App = Output<'apps.list'>['apps'][number]
const words = texts.apps

/** One app of the agency: what it is known by, a new secret, and the end of it. */
export function AppDialog({ app, onClose }: { app: App; onClose: () => void }) {
  const [asks, setAsks] = useState<'renew' | 'remove' | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const renew = useAct('apps.renewSecret', {
    onDone: ({ secret: made }) => setSecret(made),
    onGone: (made) => showOnce(words.form.secret, made.secret),
  })
  const remove = useAct('apps.delete', {
    changes: ['apps.list', 'apps.installs'],
    onDone: () => {
      showDone(words.removed(app.name))
      onClose()
    },
  })
  return (
    <SecretDialog
      title={app.name}
      secret={secret}
      label={words.form.secret}
      hint={words.form.secretHint}
      isMaking={renew.isPending}
      onClose={onClose}
    >
      <Stack>
        <CopyField label={words.clientId} value={app.clientId} />
        <Stack gap={4}>
          <Text size="sm">{words.redirects}</Text>
          {app.redirectUris.map((uri) => (
            <Code key={uri}>{uri}</Code>
          ))}
        </Stack>
        <Text size="sm">{words.asksFor}</Text>
        <Group gap={6}>
          {app.scopes.map((scope) => (
            <Code key={scope} title={scope}>
              {scopeText(scope)}
            </Code>
          ))}
        </Group>
        {asks === null ? (
          <Group justify="space-between">
            {app.public ? (
              <span />
            ) : (
              <Button variant="default" onClick={() => setAsks('renew')}>
                {words.renew}
              </Button>
            )}
            <Button variant="default" c="var(--tone-bad)" onClick={() => setAsks('remove')}>
              {words.remove}
            </Button>
          </Group>
        ) : (
          <Sure
            lead={asks === 'renew' ? words.renewLead : words.removeLead}
            label={asks === 'renew' ? words.proceed : words.removeSure}
            isPending={renew.isPending || remove.isPending}
            onYes={() => (asks === 'renew' ? renew : remove).mutate({ appId: app.id })}
            onNo={() => setAsks(null)}
          />
        )}
      </Stack>
    </SecretDialog>
  )
}
