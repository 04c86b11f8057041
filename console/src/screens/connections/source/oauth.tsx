import { TextInput } from '@mantine/core'
import { Choice } from './choice.tsx'
import type { Poll } from './poll.tsx'
import { texts } from './texts.ts'

const words = texts.poll
export type OAuth = Extract<Poll['authorisation'], { kind: 'oauth' }>
type Grant = OAuth['grant']
/** A person allows it at the other program. */
export type CodeGrant = Extract<OAuth, { grant: 'authorization_code' }>

export const isByPerson = (authorisation: Poll['authorisation'] | undefined): authorisation is CodeGrant =>
  authorisation?.kind === 'oauth' && authorisation.grant === 'authorization_code'

interface Props<T extends OAuth> {
  oauth: T
  onChange: (oauth: OAuth) => void
}

/** What was chosen stays where the other kind has it, too. */
function withGrant(oauth: OAuth, grant: Grant): OAuth {
  const scope = oauth.scope === undefined ? {} : { scope: oauth.scope }
  const tokenUrl = 'tokenUrl' in oauth ? oauth.tokenUrl : ''
  if (grant === 'authorization_code') return { kind: 'oauth', grant, authorizeUrl: '', tokenUrl, ...scope }
  return { kind: 'oauth', grant, tokenUrl, ...scope }
}

/** OAuth 2.0: who allows it, and where tokens are made. */
export function OAuthForm({ oauth, onChange }: Props<OAuth>) {
  return (
    <>
      <Choice
        label={words.grant}
        words={words.grants}
        value={oauth.grant}
        onChange={(grant) => grant !== oauth.grant && onChange(withGrant(oauth, grant))}
      />
      {isByPerson(oauth) ? (
        <ServerForm oauth={oauth} onChange={onChange} />
      ) : (
        <AddressInput
          label={words.tokenUrl}
          value={oauth.tokenUrl}
          onChange={(tokenUrl) => onChange({ ...oauth, tokenUrl })}
        />
      )}
      <TextInput
        label={words.scope}
        dir="ltr"
        value={oauth.scope ?? ''}
        onChange={(event) => {
          const { scope: _, ...rest } = oauth
          const scope = event.currentTarget.value
          onChange(scope === '' ? rest : { ...rest, scope })
        }}
      />
    </>
  )
}

/** Where a person is asked: by the name of whoever asks, which says both addresses, or by these. */
function ServerForm({ oauth, onChange }: Props<CodeGrant>) {
  const { kind, grant, scope, clientIn } = oauth
  const rest = {
    kind,
    grant,
    ...(scope === undefined ? {} : { scope }),
    ...(clientIn === undefined ? {} : { clientIn }),
  }
  const by = 'issuer' in oauth ? 'issuer' : 'addresses'
  return (
    <>
      <Choice
        label={words.server}
        words={words.servers}
        value={by}
        onChange={(next) =>
          next !== by &&
          onChange(next === 'issuer' ? { ...rest, issuer: '' } : { ...rest, authorizeUrl: '', tokenUrl: '' })
        }
      />
      {'issuer' in oauth ? (
        <AddressInput label={words.issuer} value={oauth.issuer} onChange={(issuer) => onChange({ ...rest, issuer })} />
      ) : (
        <>
          <AddressInput
            label={words.authorizeUrl}
            value={oauth.authorizeUrl}
            onChange={(authorizeUrl) => onChange({ ...oauth, authorizeUrl })}
          />
          <AddressInput
            label={words.tokenUrl}
            value={oauth.tokenUrl}
            onChange={(tokenUrl) => onChange({ ...oauth, tokenUrl })}
          />
        </>
      )}
      <Choice
        label={words.clientIn}
        words={words.clientPlaces}
        value={clientIn ?? 'header'}
        onChange={(place) => onChange({ ...oauth, clientIn: place })}
      />
    </>
  )
}

interface AddressProps {
  label: string
  value: string
  onChange: (address: string) => void
}

function AddressInput({ label, value, onChange }: AddressProps) {
  return (
    <TextInput label={label} dir="ltr" value={value} onChange={(event) => onChange(event.currentTarget.value.trim())} />
  )
}
