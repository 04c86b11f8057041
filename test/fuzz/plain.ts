import type { Operation } from '../../src/operations/define.ts'
import { lineShape, placementOf } from '../../src/operations/registry.ts'
import { catalogueInputs } from '../support/catalogue-inputs.ts'
import { inputFor } from '../support/requests.ts'
import { mark } from './request.ts'

export type Input = Record<string, unknown>

const mine = (name: string) => mark('mine', name)

/** What lines of the catalogue are asked with, with marks for ids. */
const catalogued = new Map(
  Object.entries(
    catalogueInputs({
      agency: { companyId: mine('company'), relationshipNumber: '', token: '', locations: [] },
      location: { id: mine('location'), name: '', portalId: 0, token: '' },
      ids: new Proxy({}, { get: (_, name) => mine(String(name)) }),
    }),
  ).map(([line, input]) => [lineShape(line.replace(/\{(\w+)\}/g, ':$1')), input]),
)

/** What the schema alone does not tell, so that something is found behind the checks. */
const KNOWN: Record<string, Input> = {
  'snapshots.status': { from: '2020-01-01', to: '2099-01-01' },
  'snapshots.import': { share: mine('share') },
  'snapshots.push': { locationIds: [mark('neighbour', 'location')] },
  'snapshots.plan': { locationIds: [mark('neighbour', 'location')] },
  'locations.assetHistory': { kind: 'tags', assetId: mine('tags') },
  'records.history': { kind: 'contacts', recordId: mine('contactId') },
  'records.restore': { kind: 'contacts' },
  'associations.getByKey': { key_name: 'employer' },
  'messages.send': { message: 'Hello' },
  'messages.inbound': { conversationId: mine('conversationId'), message: 'Hello' },
  'messages.outboundCall': {
    conversationId: mine('conversationId'),
    conversationProviderId: 'provider',
    call: { to: '+12025550101', from: '+12025550100', status: 'completed' },
  },
  'messages.upload': { conversationId: mine('conversationId') },
  'apps.create': { scopes: ['contacts.readonly'], redirectUris: ['https://example.com/back'] },
  'oauth.token': { grant_type: 'client_credentials' },
  'oauth.installedLocations': { appId: mine('appId') },
  'oauth.introspect': { token: mine('refreshToken') },
  'people.update': { name: 'Somebody', role: 'operator' },
  'people.accept': { token: mine('linkToken'), password: mine('password') },
  'account.password': { present: mine('password'), password: 'another of twelve letters' },
  'account.enrolSecondFactor': { password: mine('password') },
  'account.switchOffSecondFactor': { password: mine('password') },
  'account.renewRecoveryCodes': { password: mine('password') },
  'oauth.revoke': { token: mine('refreshToken') },
}

/** Input of an operation that is taken, as far as that can be known, with marks for whatever is of the world. */
export function plainInput(operation: Operation, names: ReadonlySet<string>): Input {
  const ids = new Map([...names].map((name) => [name, mine(name)]))
  const least = inputFor(operation, { companyId: mine('company'), locationId: mine('location'), ids, word: 'fuzz' })
  // Those of one filling of the location belong together: a notification and its calendar.
  const together = placementOf(operation).pathNames.filter((name) => names.has(name) && /Id$/.test(name))
  const paths = Object.fromEntries(together.map((name) => [name, mine(name)]))
  const known = { ...paths, ...catalogued.get(lineShape(operation.http))?.(), ...KNOWN[operation.name] }
  const named = Object.entries(known).map(([name, value]): [string, unknown] => [
    name === '' ? String(operation.listBody) : name,
    value,
  ])
  const { [(operation.upload ?? operation.rawBody)?.property ?? '']: _, ...input } = {
    ...least,
    ...Object.fromEntries(named),
  }
  return Object.fromEntries(Object.entries(input).filter(([name]) => Object.hasOwn(operation.input.properties, name)))
}
