import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { reads } from '../../api/query.ts'
import { useAddress } from '../../parts/address.ts'
import { useSession } from '../../parts/role.ts'
import { Failure, Waiting } from '../../parts/states.tsx'
import { Tone } from '../../parts/tone.tsx'
import { accountAddress } from './address.ts'
import { Frame } from './frame.tsx'
import { NewPassword } from './password.tsx'
import { FactorDialog } from './second-factor.tsx'
import { Sessions } from './sessions.tsx'
import { texts } from './texts.ts'

const words = texts.account

/** Whoever is signed in: everybody has this page. */
export function Account() {
  const [{ act }, change] = useAddress(accountAddress)
  const { person } = useSession()
  const { data, error, refetch } = useQuery(reads('account.get', {}))
  const close = () => change({ act: undefined })
  const hasFactor = data?.account.secondFactor === true
  return (
    <Frame part="account">
      <Text size="sm">
        <bdi>{person.name}</bdi> · {words.signedInAs(person.email, texts.roles[person.role].label)}
      </Text>
      {act === 'password' && <NewPassword onClose={close} />}
      {(act === 'factor' || act === 'codes' || act === 'off') && data && <FactorDialog act={act} onClose={close} />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <Part title={words.password.title}>
        <Text size="sm" c="dimmed">
          {words.password.lead}
        </Text>
        <Group>
          <Button variant="default" onClick={() => change({ act: 'password' }, 'push')}>
            {words.password.open}
          </Button>
        </Group>
      </Part>
      <Part title={words.factor.title}>
        {data === undefined ? (
          <Waiting lines={2} />
        ) : (
          <>
            <Tone tone={hasFactor ? 'good' : 'calm'}>{hasFactor ? words.factor.onWord : words.factor.offWord}</Tone>
            <Text size="sm" c="dimmed">
              {hasFactor ? words.factor.on : words.factor.off}
            </Text>
            <Group>
              {hasFactor ? (
                <>
                  <Button variant="default" onClick={() => change({ act: 'codes' }, 'push')}>
                    {words.factor.newCodes}
                  </Button>
                  <Button variant="default" onClick={() => change({ act: 'off' }, 'push')}>
                    {words.factor.switchOff}
                  </Button>
                </>
              ) : (
                <Button onClick={() => change({ act: 'factor' }, 'push')}>{words.factor.setUp}</Button>
              )}
            </Group>
          </>
        )}
      </Part>
      <Part title={words.sessions.title}>
        <Sessions />
      </Part>
    </Frame>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card component="section" withBorder aria-label={title}>
      <Stack gap="sm">
        <Title order={2} size="h4">
          {title}
        </Title>
        {children}
      </Stack>
    </Card>
  )
}
