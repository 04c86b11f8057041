import { TextInput } from '@mantine/core'
import { Choice } from './choice.tsx'
import { OAuthForm } from './oauth.tsx'
import type { Poll } from './poll.tsx'
import { texts } from './texts.ts'

const words = texts.poll
type Authorisation = Poll['authorisation']
type Kind = Authorisation['kind']

const BEGINNINGS: Record<Kind, Authorisation> = {
  none: { kind: 'none' },
  key: { kind: 'key', in: 'header', name: 'X-Api-Key' },
  basic: { kind: 'basic' },
  bearer: { kind: 'bearer' },
  oauth: { kind: 'oauth', grant: 'client_credentials', tokenUrl: '' },
}

interface Props {
  authorisation: Authorisation
  onChange: (authorisation: Authorisation) => void
}

/** By what the other program lets us in. The secrets themselves stand elsewhere. */
export function AuthorisationForm({ authorisation, onChange }: Props) {
  return (
    <>
      <Choice
        label={words.who}
        words={words.kinds}
        value={authorisation.kind}
        onChange={(kind) => kind !== authorisation.kind && onChange(BEGINNINGS[kind])}
      />
      {authorisation.kind === 'key' && (
        <>
          <Choice
            label={words.keyIn}
            words={words.keyPlaces}
            value={authorisation.in}
            onChange={(place) => onChange({ ...authorisation, in: place })}
          />
          <TextInput
            label={words.keyName}
            dir="ltr"
            value={authorisation.name}
            onChange={(event) => onChange({ ...authorisation, name: event.currentTarget.value.trim() })}
          />
          <TextInput
            label={words.keyPrefix}
            dir="ltr"
            value={authorisation.prefix ?? ''}
            onChange={(event) => {
              const { prefix: _, ...rest } = authorisation
              const prefix = event.currentTarget.value
              onChange(prefix === '' ? rest : { ...rest, prefix })
            }}
          />
        </>
      )}
      {authorisation.kind === 'oauth' && <OAuthForm oauth={authorisation} onChange={onChange} />}
    </>
  )
}
