import { type App, deleteApp, findApp, listApps, registerApp, renewSecret } from '../../auth/apps.ts'
import { listInstalls, uninstallApp } from '../../auth/installs.ts'
import type { Db } from '../../db/pool.ts'
import { chooseAgency } from './choose-agency.ts'
import { type Command, CommandError, type Invocation, UsageError } from './command.ts'
import { type Deed, decide } from './deed.ts'
import { toColumns } from './layout.ts'
import { openStorage } from './storage.ts'

export const app: Command = {
  name: 'app',
  usage: 'app create NAME|list|secret ID|delete ID|installs|uninstall ID',
  summary: 'Programs that people can allow to act for an agency or a location.',
  words: true,
  options: {
    'company-id': {
      type: 'string',
      description: 'create, list, installs, uninstall: the agency. Needed when there are several.',
    },
    'redirect-uri': {
      type: 'string',
      description: 'create: where codes may be sent, comma separated. The port of a loopback address is free.',
    },
    public: {
      type: 'boolean',
      description: 'create: it runs in a browser or on a device: no secret, PKCE in its place.',
    },
    scopes: {
      type: 'string',
      description: 'create: the most it can ask for, comma separated. Default: every scope that apps can get.',
    },
    'location-id': {
      type: 'string',
      description: 'uninstall: out of this location alone. Default: out of the agency with all of its locations.',
    },
  },
  async run(call) {
    const [verb, word, ...more] = call.words
    const action = ACTIONS[verb ?? '']
    if (action === undefined || more.length > 0 || (verb === 'list' || verb === 'installs') !== (word === undefined))
      throw new UsageError(
        'Say what to do: tintype app create NAME, list, secret ID, delete ID, installs or uninstall ID',
      )
    await using storage = await openStorage(call.config)
    await action(call, storage.database.db, word ?? '')
    return 0
  },
}

const ACTIONS: Record<string, (call: Invocation, db: Db, word: string) => Promise<void>> = {
  async create(call, db, name) {
    const redirectUris = list(call, 'redirect-uri')
    if (redirectUris === undefined)
      throw new UsageError('Where may codes be sent? --redirect-uri https://example.com/callback')
    const [{ appFaults }, { registry }, { grantableScopes }] = await Promise.all([
      import('../../operations/access/index.ts'),
      import('../../operations/index.ts'),
      import('../../operations/registry.ts'),
    ])
    const known = grantableScopes(registry)
    const scopes = list(call, 'scopes') ?? known
    const unknown = scopes
      .filter((scope) => !known.includes(scope))
      .map((scope) => `scopes: there is no scope ${scope} for apps`)
    const faults = [...new Set([...unknown, ...appFaults({ scopes, redirectUris })])]
    if (faults.length > 0) throw new UsageError(faults.join('\n'))
    const agencyId = await chooseAgency(call, db)
    const isPublic = call.values.public === true
    const made = await decide(
      { call, db },
      (tx, atMs) => registerApp(tx, { agencyId, name, scopes, redirectUris, isPublic }, atMs),
      (done) => deedOn('apps.create', done.app),
    )
    const { app: created, secret } = made
    call.tell(
      `App ${created.id} (${name}). ${secret === null ? 'It is public: it has no secret, and must use PKCE.' : 'Keep its secret: it cannot be shown again.'}`,
    )
    call.print(
      JSON.stringify({
        appId: created.id,
        clientId: created.clientId,
        ...(secret === null ? {} : { clientSecret: secret }),
      }),
    )
  },
  async list(call, db) {
    const rows = (await listApps(db, await chooseAgency(call, db))).map((one) => [
      one.id,
      one.name,
      one.clientId,
      String(one.scopes.length),
      one.redirectUris.join(','),
    ])
    for (const line of toColumns([['ID', 'NAME', 'CLIENT ID', 'SCOPES', 'REDIRECT URIS'], ...rows])) call.print(line)
  },
  async secret(call, db, id) {
    const known = await getApp(db, id)
    const secret = await decide(
      { call, db },
      (tx) => renewSecret(tx, known),
      () => deedOn('apps.renewSecret', known),
    )
    call.tell(`Secret of ${known.name}, in place of the old one, which has ended. Keep it: it cannot be shown again.`)
    call.print(secret)
  },
  async delete(call, db, id) {
    const known = await getApp(db, id)
    await decide(
      { call, db },
      (tx, atMs) => deleteApp(tx, known, atMs),
      () => deedOn('apps.delete', known),
    )
    call.print(`App ${known.id} (${known.name}) is deleted, with its tokens everywhere.`)
  },
  async installs(call, db) {
    const rows = (await listInstalls(db, await chooseAgency(call, db))).map((one) => [
      one.appId,
      one.appName,
      one.locationId ?? ['agency', ...one.outOf].join(' but '),
      one.installedAt.toISOString().slice(0, 10),
      one.scopes.join(','),
    ])
    for (const line of toColumns([['APP', 'NAME', 'LOCATION', 'SINCE', 'SCOPES'], ...rows])) call.print(line)
  },
  async uninstall(call, db, appId) {
    const locationId = (call.values['location-id'] as string | undefined) ?? null
    const agencyId = await chooseAgency(call, db)
    await decide(
      { call, db },
      (tx, atMs) => uninstallApp(tx, { appId, agencyId, locationId }, atMs),
      () => ({ event: 'apps.uninstall', agencyId, told: { appId, locationId } }),
    )
    call.print(
      `App ${appId} is out of ${locationId === null ? `agency ${agencyId} with all of its locations` : `location ${locationId}`}. ` +
        'Its tokens there have ended.',
    )
  },
}

const deedOn = (event: string, { id, name, agencyId }: App): Deed => ({
  event,
  agencyId,
  told: { name, appId: id },
})

async function getApp(db: Db, id: string): Promise<App> {
  const known = await findApp(db, id)
  if (known === null) throw new CommandError(`There is no app ${id}. tintype app list shows the ids.`)
  return known
}

function list({ values }: Invocation, name: string): string[] | undefined {
  return (values[name] as string | undefined)?.split(',').map((part) => part.trim())
}
