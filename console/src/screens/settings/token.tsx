import { Button, Code, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { showDone } from '../../parts/notices.tsx'
import { showOnce } from '../../parts/once.tsx'
import { SecretDialog } from '../../parts/secret.tsx'
import { Sure } from '../../parts/sure.tsx'
import { When } from '../../parts/when.tsx'
import { scopeText } from './scope-words.ts'
import { texts } from './texts.ts'
import { levelOf, stateOf, type Token, TokenState } from './tokens.tsx'

const words = texts.tokens
const CHANGED = ['tokens.list'] as const

/** One token: what it may, another one in its place, and the end of it. */
export function TokenDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const [asks, setAsks] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const rotate = useAct('tokens.rotate', {
    changes: CHANGED,
    onDone: ({ secret: made }) => setSecret(made),
    onGone: (made) => showOnce(words.form.secret, made.secret),
  })
  const revoke = useAct('tokens.revoke', {
    changes: CHANGED,
    onDone: () => {
      showDone(words.revoked(token.name))
      onClose()
    },
  })
  return (
    <SecretDialog
      title={token.name}
      secret={secret}
      label={words.form.secret}
      hint={words.form.secretHint}
      isBearer
      isMaking={rotate.isPending}
      onClose={onClose}
    >
      <Stack>
        <Group gap="md">
          <TokenState token={token} />
          <Text size="sm" dir="auto">
            {words.columns.level}: {levelOf(token)}
          </Text>
          {token.expiresAt !== null && (
            <Text size="sm">
              {words.ends} <When at={token.expiresAt} />
            </Text>
          )}
        </Group>
        {token.scopes.includes('*') ? (
          <Text size="sm">{words.everything}</Text>
        ) : (
          <Group gap={6}>
            {token.scopes.map((scope) => (
              <Code key={scope} title={scope}>
                {scopeText(scope)}
              </Code>
            ))}
          </Group>
        )}
        {stateOf(token) !== 'ended' &&
          (asks ? (
            <Sure
              lead={words.revokeLead}
              label={words.revokeSure}
              isPending={revoke.isPending}
              onYes={() => revoke.mutate({ tokenId: token.id })}
              onNo={() => setAsks(false)}
            />
          ) : (
            <>
              <Text size="sm" c="dimmed">
                {words.replaceHint}
              </Text>
              <Group justify="space-between">
                <Button
                  variant="default"
                  loading={rotate.isPending}
                  onClick={() => rotate.mutate({ tokenId: token.id })}
                >
                  {words.replace}
                </Button>
                <Button variant="default" c="var(--tone-bad)" onClick={() => setAsks(true)}>
                  {words.revoke}
                </Button>
              </Group>
            </>
          ))}
      </Stack>
    </SecretDialog>
  )
}
