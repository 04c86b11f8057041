/**
 * What somebody brings back from another program, as it came: before the router reads the address, which takes a code of
 * digits for a number.
 */
const arrived = new URLSearchParams(window.location.search)

const textOf = (name: string): { [name: string]: string } => {
  const value = arrived.get(name)
  return value === null || value === '' ? {} : { [name]: value }
}

/** Whose it is stands in what they bring. Null: it is not of ours. */
export function broughtBack(server: string) {
  const state = arrived.get('state') ?? ''
  const [locationId = '', connectionId = '', ...rest] = state.split('.')
  if (connectionId === '' || rest.length !== 1) return null
  const of = { connectionId, ...(locationId === '' ? {} : { locationId }) }
  return { ...of, server, state, ...textOf('code'), ...textOf('error'), ...textOf('iss') }
}
