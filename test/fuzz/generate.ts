import fc, { type Arbitrary } from 'fast-check'
import { ROLES } from '../../src/auth/roles.ts'
import type { Operation } from '../../src/operations/define.ts'
import { placementOf } from '../../src/operations/registry.ts'
import { mayAsk } from '../../src/operations/roles.ts'
import { UNKNOWN_ID } from '../support/requests.ts'
import { type Body, bodiesFor } from './bodies.ts'
import { allowed, type Ids, propertiesOf, type Schema, wrong } from './from-schema.ts'
import { headersFor, headersOfPeople } from './headers.ts'
import { type Input, plainInput } from './plain.ts'
import { type CallerName, type FuzzRequest, isPerson, mark, personOf } from './request.ts'
import { texts, toJson, wrongTexts } from './values.ts'

/** What requests may name: names of the ids in a world. */
export type Names = ReadonlySet<string>

const TENANTS = ['companyId', 'locationId', 'location_id', 'locationIds']

/** Requests of one operation: allowed but extreme, wrong in one place, or broken. */
export function requestsOf(operation: Operation, names: Names): Arbitrary<FuzzRequest> {
  const ids = idsOf(names)
  const rendered = fc.tuple(inputsOf(operation, names, ids), addressStyles)
  return rendered.chain(([input, style]) => {
    const address = addressOf(operation, input, style)
    return fc
      .record({
        caller: callersOf(operation),
        body: bodiesFor(operation, bodyOf(operation, input)),
        headers: headersFor(operation),
        ofPeople: headersOfPeople(operation),
      })
      .map(
        ({ caller, body, headers, ofPeople }): FuzzRequest => ({
          operation: operation.name,
          caller,
          method: placementOf(operation).method,
          path: address,
          headers: { ...headers, ...(isPerson(caller) ? ofPeople : {}), ...typeOf(body) },
          body: body.text,
          encoding: body.encoding,
        }),
      )
  })
}

const typeOf = ({ type }: Body): Record<string, string> => (type === undefined ? {} : { 'content-type': type })

function callersOf(operation: Operation): Arbitrary<CallerName> {
  const { token, oauthOnly } = operation
  const people = ROLES.filter((role) => mayAsk(role, operation)).map(personOf)
  const own: readonly CallerName[] =
    token === 'app'
      ? ['app']
      : token === 'agency'
        ? ['agency', 'app-agency']
        : token === 'location'
          ? ['location', 'app-location']
          : ['agency', 'app-agency', 'location', 'app-location']
  if (token === 'operator') return fc.constantFrom<CallerName>('operator', 'operator', 'operator', 'agency', 'nobody')
  if (token === 'none') return fc.constantFrom<CallerName>('nobody', 'nobody', 'location', 'unknown')
  const tokens = oauthOnly ? own.filter((name) => name.startsWith('app-')) : own
  return fc.oneof(
    { weight: token === 'person' ? 1 : 40, arbitrary: fc.constantFrom(...tokens) },
    { weight: people.length === 0 ? 0 : 40, arbitrary: fc.constantFrom<CallerName>('person-owner', ...people) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<CallerName>(
        ...ROLES.map(personOf),
        'person-stranger',
        'app',
        'agency',
        'location',
        'app-agency',
        'app-location',
        'stranger',
        'nobody',
        'unknown',
      ),
    },
  )
}

/** Ids by the name of the property: mostly those of the thing that it names. */
function idsOf(names: Names): Ids {
  const all = [...names]
  return (property) => {
    const noun = property.replace(/_?[iI]ds?$/, '').replace(/s$/, '')
    const named = all.filter(
      (name) =>
        noun !== '' && (name.toLowerCase() === noun.toLowerCase() || noun.toLowerCase().endsWith(name.toLowerCase())),
    )
    const right = named.length > 0 ? named : all
    return fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...right).map((name) => mark('mine', name)) },
      { weight: 1, arbitrary: fc.constantFrom(...right).map((name) => mark('neighbour', name)) },
      { weight: 1, arbitrary: fc.constantFrom(...right).map((name) => mark('stranger', name)) },
      { weight: 1, arbitrary: fc.constantFrom(...all).map((name) => mark('mine', name)) },
      { weight: 1, arbitrary: fc.constantFrom(UNKNOWN_ID, '00000000-0000-0000-0000-000000000000', 'all', 'me') },
    )
  }
}

function inputsOf(operation: Operation, names: Names, ids: Ids): Arbitrary<Input> {
  const plain = plainInput(operation, names)
  const schema = operation.input as unknown as Schema
  const schemaOf = (name: string) => schema.properties?.[name] as Schema
  const properties = Object.keys(schema.properties ?? {}).filter(
    (name) => name !== (operation.upload ?? operation.rawBody)?.property,
  )
  if (properties.length === 0) return fc.constant(plain)
  const isAddress = (name: string) => TENANTS.includes(name) || placementOf(operation).pathNames.includes(name)
  const free = properties.filter((name) => !isAddress(name))
  const changed = (name: string) =>
    fc.tuple(
      fc.constant(name),
      isAddress(name) ? fc.oneof(ids(name), allowed(schemaOf(name), name, ids)) : allowed(schemaOf(name), name, ids),
    )
  // An address that leads nowhere is tried, but seldom: little lies behind it.
  const candidates = fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...(free.length > 0 ? free : properties)) },
    { weight: 1, arbitrary: fc.constantFrom(...properties) },
  )
  const fine = fc
    .array(candidates.chain(changed), { minLength: 0, maxLength: 3 })
    .map((changes) => ({ ...plain, ...Object.fromEntries(changes) }) as Input)
  const oneWrong = fc
    .constantFrom(...properties)
    .chain((name) => fc.tuple(fc.constant(name), wrong(schemaOf(name), name, ids)))
  return fc.oneof(
    { weight: 12, arbitrary: fine },
    { weight: 2, arbitrary: propertiesOf(schema, free, [], ids).map((more) => ({ ...plain, ...more })) },
    { weight: 4, arbitrary: oneWrong.map(([name, value]) => ({ ...plain, [name]: value })) },
    { weight: 1, arbitrary: fc.constantFrom(...properties).map((name) => without(plain, name)) },
  )
}

const without = (input: Input, name: string): Input =>
  Object.fromEntries(Object.entries(input).filter(([other]) => other !== name))

interface AddressStyle {
  lists: 'repeat' | 'comma' | 'brackets'
  /** Put behind the query. */
  tail: string
  slash: boolean
}

const TAILS = [
  '%00=1',
  'a=%00',
  '%ff=%fe',
  '__proto__=1',
  '__proto__[a]=1',
  'constructor=1',
  'limit[]=1&limit[]=2',
  'limit[a]=1',
  '&&==&',
  '=',
  '%',
  'a=%zz',
  'locationId=',
  'companyId=&companyId=x',
  '#',
  '?',
]

/** Queries, mostly as they should be. */
const addressStyles: Arbitrary<AddressStyle> = fc.record({
  lists: fc.oneof(
    { weight: 3, arbitrary: fc.constant('repeat' as const) },
    fc.constantFrom('comma' as const, 'brackets' as const),
  ),
  tail: fc.oneof(
    { weight: 14, arbitrary: fc.constant('') },
    fc.constantFrom(...TAILS, 'repeated'),
    fc.oneof(texts(), wrongTexts()).map((text) => `${encoded(text.slice(0, 4_000))}=1`),
  ),
  slash: fc.oneof({ weight: 20, arbitrary: fc.constant(false) }, fc.constant(true)),
})

/** Half a surrogate pair as the bytes that it cannot have. */
const encoded = (text: string) =>
  text.isWellFormed() ? encodeURIComponent(text) : `${encodeURIComponent(text.toWellFormed())}%ED%A0%80`

const plainText = (value: unknown) => (typeof value === 'string' ? value : toJson(value))

function addressOf(operation: Operation, input: Input, { lists, tail, slash }: AddressStyle): string {
  const { path, pathNames, queryNames, method } = placementOf(operation)
  const inQuery = (name: string) =>
    queryNames.includes(name) ||
    (operation.rawBody !== null && !pathNames.includes(name)) ||
    (method === 'GET' && !pathNames.includes(name))
  const pairs = Object.entries(input)
    .filter(([name]) => inQuery(name))
    .flatMap(([name, value]): [string, string][] => {
      if (!Array.isArray(value) || lists === 'comma') return [[name, [value].flat().map(plainText).join(',')]]
      return value.slice(0, 500).map((element) => [lists === 'brackets' ? `${name}[]` : name, plainText(element)])
    })
  const query = pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  if (tail === 'repeated' && pairs[0] !== undefined) query.push(`${encoded(pairs[0][0])}=other`)
  else if (tail !== '') query.push(tail)
  const address = path.replace(/:(\w+)/g, (_, name: string) =>
    encoded(plainText(input[name] ?? UNKNOWN_ID)).slice(0, 8_000),
  )
  return `${address}${slash ? '/' : ''}${query.length === 0 ? '' : `?${query.join('&')}`}`.replaceAll(' ', '%20')
}

/** What travels in the body; undefined where there is none. */
function bodyOf(operation: Operation, input: Input): Input | undefined {
  const { method, bodyNames } = placementOf(operation)
  if (method === 'GET' || (method === 'DELETE' && !operation.hasBody)) return undefined
  const body = Object.fromEntries(Object.entries(input).filter(([name]) => bodyNames.includes(name)))
  return bodyNames.length === 0 ? undefined : body
}
