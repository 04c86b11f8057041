import type { PollReading } from './poll-rules.ts'

/** Names of headers that say who asks, alone or as a part of a longer one: `X-Api-Key`, `X-Auth-Token`. */
const SECRET_HEADER =
  /(^|[-_])(authorization|cookie|auth|(api)?key|(api|auth|access)?tokens?|secret|password|passphrase|signature)$/i
/** What shows who asks, whatever the header is called. */
const SECRET_VALUE = /^\s*(bearer|basic|token)\s+\S/i
/** What opens something, where the name is of nothing else. Tokens of pages and keys to sort by open nothing. */
const OPENS = ['h?api', 'app', 'access', 'auth', 'private', 'secret', 'subscription', 'license', 'user'].join('|')
/** Names of parameters of an address that nobody but whoever is let in can know. */
const SECRET_PARAMETER = new RegExp(
  '^(key|auth|token|sig|signature|secret|password|passwd|pwd|jwt)$' +
    `|(^|[-_])(((${OPENS})[-_]?key)|(api|access|auth|refresh|private|session|security|user|bearer|id)[-_]?token` +
    '|(api|client)?[-_]?secret|signature|password)$',
  'i',
)

const NAMED =
  'holds a name or a password, and what stands here is shown and exported. Say authorisation {"kind": "basic"}, and store ' +
  'username and password by PUT /connections/{connectionId}/secrets'

/**
 * Secrets that stand in what everybody who reads a connection sees, and in what is exported of it: in a header, in the
 * address.
 */
export function pollSecretFaults({ url, headers = {} }: PollReading): { at: string; message: string }[] {
  const said = (place: 'header' | 'query', name: string) =>
    'is a secret, and what stands here is shown and exported. Say authorisation ' +
    `{"kind": "key", "in": "${place}", "name": "${name}"}, and store it by PUT /connections/{connectionId}/secrets`
  const inHeaders = Object.keys(headers)
    .filter((name) => SECRET_HEADER.test(name.trim()) || SECRET_VALUE.test(headers[name] ?? ''))
    .map((name) => ({ at: `headers.${name}`, message: said('header', name) }))
  const address = URL.parse(url)
  const parameters = [...(address?.searchParams.keys() ?? [])].filter((name) => SECRET_PARAMETER.test(name))
  const inAddress = parameters.map((name) => ({ at: 'url', message: `“${name}” ${said('query', name)}` }))
  const hasName = address !== null && (address.username !== '' || address.password !== '')
  return [...inHeaders, ...inAddress, ...(hasName ? [{ at: 'url', message: NAMED }] : [])]
}
