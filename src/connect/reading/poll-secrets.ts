import type { PollReading } from './poll-rules.ts'

/** Names of headers that say who asks, alone or as a part of a longer one: `X-Api-Key`, `X-Auth-Token`. */
const SECRET_HEADER = /^(proxy-)?authorization$|^cookie$|(^|-)(auth|(api)?key|tokens?|secret|password|signature)$/i
/** Names of parameters of an address that nobody but whoever is let in can know. */
const SECRET_PARAMETER =
  /^(key|auth|token|sig|secret|password)$|(^|[-_])(api[-_]?key|(access|auth|refresh)[-_]?token|(client[-_]?)?secret|password)$/i

/**
 * Secrets that stand in what everybody who reads a connection sees, and in what is exported of it: in a header, in the
 * address.
 */
export function pollSecretFaults({ url, headers = {} }: PollReading): { at: string; message: string }[] {
  const said = (place: 'header' | 'query', name: string) =>
    'is a secret, and what stands here is shown and exported. Say authorisation ' +
    `{"kind": "key", "in": "${place}", "name": "${name}"}, and store it by PUT /connections/{connectionId}/secrets`
  const inHeaders = Object.keys(headers)
    .filter((name) => SECRET_HEADER.test(name.trim()))
    .map((name) => ({ at: `headers.${name}`, message: said('header', name) }))
  const parameters = [...(URL.parse(url)?.searchParams.keys() ?? [])].filter((name) => SECRET_PARAMETER.test(name))
  return [...inHeaders, ...parameters.map((name) => ({ at: 'url', message: `“${name}” ${said('query', name)}` }))]
}
