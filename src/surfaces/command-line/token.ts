import {
  createToken,
  listTokens,
  ROTATION_OVERLAP_MS,
  revokeToken,
  rotateToken,
  type TokenRow,
} from '../../auth/tokens.ts'
import { systemClock } from '../../clock.ts'
import type { Db } from '../../db/pool.ts'
import { agencyOf, agencyOfToken, chooseAgency, text } from './choose-agency.ts'
import { type Command, type Invocation, UsageError } from './command.ts'
import { type Deed, decide } from './deed.ts'
import { toColumns } from './layout.ts'
import { openStorage } from './storage.ts'

export const token: Command = {
  name: 'token',
  usage: 'token create|list|rotate ID|revoke ID',
  summary: 'Make, show and withdraw private integration tokens.',
  words: true,
  options: {
    'company-id': { type: 'string', description: 'The agency. Needed when there are several.' },
    'location-id': {
      type: 'string',
      description: 'create: a token of this location instead of one of the agency. list: only tokens of this location.',
    },
    name: { type: 'string', description: 'create: what the token is for.' },
    scopes: { type: 'string', description: 'create: scopes, comma separated. Default: every scope of the level.' },
    'overlap-seconds': {
      type: 'string',
      description: 'rotate: how long the old token still works. Default: 7 days; 0 ends it at once.',
    },
  },
  async run(call) {
    const [verb, id, ...more] = call.words
    const action = ACTIONS[verb ?? '']
    if (action === undefined || more.length > 0)
      throw new UsageError('Say what to do: tintype token create, list, rotate ID or revoke ID')
    if ((verb === 'rotate' || verb === 'revoke') && id === undefined)
      throw new UsageError(`Which token? tintype token ${verb} ID (tintype token list shows the ids)`)
    await using storage = await openStorage(call.config)
    return await action(call, storage.database.db, id ?? '')
  },
}

const ACTIONS: Record<string, (call: Invocation, db: Db, id: string) => Promise<number>> = {
  async create(call, db) {
    const locationId = text(call, 'location-id')
    const agencyId = locationId === undefined ? await chooseAgency(call, db) : await agencyOf(db, locationId)
    const name = text(call, 'name') ?? 'command line'
    const scopes = text(call, 'scopes')
      ?.split(',')
      .map((scope) => scope.trim()) ?? ['*']
    await checkScopes(scopes)
    const made = await decide(
      { call, db },
      (tx, atMs) => createToken(tx, { name, agencyId, locationId: locationId ?? null, scopes }, atMs),
      ({ row }) => deedOn('tokens.create', row),
    )
    return show(call, made)
  },
  async list(call, db) {
    const locationId = text(call, 'location-id')
    const rows = await listTokens(
      db,
      locationId === undefined ? await chooseAgency(call, db) : await agencyOf(db, locationId),
    )
    const lines = rows
      .filter((row) => locationId === undefined || row.locationId === locationId)
      .map((row) => [
        row.id,
        row.name,
        row.locationId ?? 'agency',
        stateOf(row),
        row.createdAt.toISOString().slice(0, 10),
        row.scopes.join(','),
      ])
    for (const line of toColumns([['ID', 'NAME', 'LOCATION', 'STATE', 'CREATED', 'SCOPES'], ...lines])) call.print(line)
    return 0
  },
  async rotate(call, db, id) {
    const seconds = Number(text(call, 'overlap-seconds') ?? ROTATION_OVERLAP_MS / 1000)
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > 31_536_000)
      throw new UsageError('--overlap-seconds must be a whole number from 0 to 31536000')
    const agencyId = await agencyOfToken(db, id)
    const made = await decide(
      { call, db },
      (tx, atMs) => rotateToken(tx, { id, agencyId, overlapMs: seconds * 1000 }, atMs),
      ({ row }) => deedOn('tokens.rotate', { ...row, id }),
    )
    return show(call, made)
  },
  async revoke(call, db, id) {
    const agencyId = await agencyOfToken(db, id)
    const row = await decide(
      { call, db },
      (tx, atMs) => revokeToken(tx, { id, agencyId }, atMs),
      (revoked) => deedOn('tokens.revoke', revoked),
    )
    call.print(`Token ${row.id} (${row.name}) is revoked.`)
    return 0
  },
}

const deedOn = (event: string, { id, name, agencyId, locationId }: TokenRow): Deed => ({
  event,
  agencyId,
  told: { name, tokenId: id, locationId },
})

/** A token with a scope that there is not could do less than whoever makes it thinks. */
async function checkScopes(scopes: readonly string[]): Promise<void> {
  const { registry } = await import('../../operations/index.ts')
  const known = new Set(['*', ...registry.all.flatMap((operation) => operation.scope)])
  const unknown = scopes.filter((scope) => !known.has(scope))
  if (unknown.length > 0) throw new UsageError(unknown.map((scope) => `scopes: there is no scope ${scope}`).join('\n'))
}

/** The token alone on standard output, so that it can be piped; the only time that it can be read. */
function show(call: Invocation, { token: secret, row }: { token: string; row: TokenRow }): number {
  call.tell(
    `Token ${row.id} (${row.name}), ` +
      `${row.locationId === null ? `agency ${row.agencyId}` : `location ${row.locationId}`}. Keep it: it cannot be ` +
      'shown again.',
  )
  call.print(secret)
  return 0
}

function stateOf(row: TokenRow): string {
  if (row.revokedAt !== null) return 'revoked'
  if (row.expiresAt === null) return 'valid'
  return row.expiresAt.getTime() <= systemClock.nowMs()
    ? 'expired'
    : `until ${row.expiresAt.toISOString().slice(0, 16)}Z`
}
