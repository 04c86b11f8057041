import { Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { DialogButtons } from '../../parts/dialog-buttons.tsx'
import { showOnce } from '../../parts/once.tsx'
import { SecretDialog } from '../../parts/secret.tsx'
import { ofWebhook, type Webhook } from './standing.tsx'
import { texts } from './texts.ts'

const words = texts.secret

/** A new secret, beside which the old one signs for as long as the program needs to be changed. */
export function NewSecret({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const [overlap, setOverlap] = useState('86400')
  const [secret, setSecret] = useState<string | null>(null)
  const rotate = useAct('webhooks.rotateSecret', {
    onDone: ({ secret: made }) => setSecret(made),
    onGone: (made) => showOnce(words.label, made.secret),
  })
  return (
    <SecretDialog
      title={words.title}
      secret={secret}
      label={words.label}
      hint={words.hint}
      isMaking={rotate.isPending}
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          rotate.mutate({ ...ofWebhook(webhook), overlapSeconds: Number(overlap) })
        }}
      >
        <Stack>
          <Text size="sm">{words.lead}</Text>
          <Select
            label={words.overlap}
            data={words.overlaps.map(([value, label]) => ({ value, label }))}
            allowDeselect={false}
            value={overlap}
            onChange={(next) => setOverlap(next ?? '86400')}
          />
          <DialogButtons submit={words.submit} isPending={rotate.isPending} onClose={onClose} />
        </Stack>
      </form>
    </SecretDialog>
  )
}
