import { Button, Group, PasswordInput, Text } from '@mantine/core'
import { useAct } from '../../../parts/act.ts'
import { showDone } from '../../../parts/notices.tsx'
import { When } from '../../../parts/when.tsx'
import { Section } from '../section.tsx'
import { type Definition, ofConnection, type Whole } from '../standing.tsx'
import { neededSecrets, secretLabel } from './needed.ts'
import { isByPerson } from './oauth.tsx'
import { texts } from './texts.ts'

const words = texts.secrets
/** Of ours, and made by themselves. */
const NOBODYS = ['address', 'token', 'tokenEndsAtMs']

interface Props {
  connection: Whole
  source: Definition['source']
  /** What somebody has typed, by the names of the secrets. It is sent, and shown nowhere again. */
  typed: Readonly<Record<string, string>>
  onType: (typed: Record<string, string>) => void
}

/** What opens the other program, or signs what it sends: written here, and never read again. */
export function Secrets({ connection, source, typed, onType }: Props) {
  const needed = neededSecrets(connection, source)
  const since = new Map(connection.secrets.map(({ name, createdAt }) => [name, createdAt]))
  const remove = useAct('connections.setSecrets', {
    changes: ['connections.get'],
    onDone: () => showDone(words.removed),
  })
  const made = isByPerson(source.poll?.authorisation) ? [...NOBODYS, 'refreshToken'] : NOBODYS
  const needless = [...since.keys()].filter((name) => !needed.includes(name as never) && !made.includes(name))
  if (needed.length === 0 && needless.length === 0) return null
  return (
    <Section title={words.title} hint={words.lead} isInner>
      {needed.map((name) => {
        const at = since.get(name)
        return (
          <PasswordInput
            key={name}
            label={secretLabel(name)}
            description={
              at === undefined ? (
                words.unset
              ) : (
                <>
                  {words.set} <When at={at} />
                </>
              )
            }
            placeholder={at === undefined ? undefined : words.replace}
            autoComplete="off"
            value={typed[name] ?? ''}
            onChange={(event) => onType({ ...typed, [name]: event.currentTarget.value })}
          />
        )
      })}
      {needless.map((name) => (
        <Group key={name} gap="sm">
          <Text size="sm">{words.needless(secretLabel(name))}</Text>
          <Button
            size="compact-sm"
            variant="default"
            loading={remove.isPending}
            onClick={() => remove.mutate({ ...ofConnection(connection), secrets: { [name]: null } })}
          >
            {words.remove(secretLabel(name))}
          </Button>
        </Group>
      ))}
    </Section>
  )
}
