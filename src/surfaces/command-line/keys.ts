import { LONGEST_LIFE_MS } from '../../auth/jwt.ts'
import { discardLostKeys, listSigningKeys, rotateSigningKeys } from '../../auth/key-rotation.ts'
import { newKeyText, readOutsideKeys, rewriteKeyFile, sourceOf } from '../../auth/outside-keys.ts'
import { SEALED_COLUMNS } from '../../auth/sealed-columns.ts'
import { takeKeys } from '../../auth/unlock.ts'
import { countSealed, createVault, reseal, useVault } from '../../auth/vault.ts'
import { discardLostWebhookKeys, listWebhookKeys, rotateWebhookKeys } from '../../auth/webhook-keys.ts'
import { systemClock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import type { Db } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import { replaceWhole } from '../../whole-files.ts'
import { type Command, CommandError, type Invocation, UsageError } from './command.ts'
import { logDeed } from './deed.ts'
import { toColumns } from './layout.ts'
import { openStorage } from './storage.ts'

const USAGE = 'Say what to do: tintype keys list, rotate, reseal or generate'

export const keys: Command = {
  name: 'keys',
  usage: 'keys list|rotate|reseal|generate',
  summary:
    'Keys that sign tokens and sessions, the key that signs webhooks, and the key from outside the database that seals ' +
    'them and all other secrets in it.',
  options: {
    'at-once': {
      type: 'boolean',
      description:
        'rotate: end all signed tokens and sessions now, or the former key of webhooks. Default: they go on to their end.',
    },
    webhooks: {
      type: 'boolean',
      description: 'rotate: the key that signs webhooks, in place of the one that signs tokens and sessions.',
    },
    'overlap-seconds': {
      type: 'string',
      description: 'rotate --webhooks: how long the former key signs beside the new one. Default: 7 days.',
    },
    'discard-lost': {
      type: 'boolean',
      description: 'rotate: delete the keys that no key from outside opens any more, and what they have signed ends.',
    },
    new: {
      type: 'boolean',
      description: 'reseal: put a new key into the key file first, and take the others out of it afterwards.',
    },
  },
  words: true,
  async run(call) {
    const [verb, ...more] = call.words
    if (more.length > 0) throw new UsageError(USAGE)
    if (verb === 'generate') {
      call.tell(
        'A key for TINTYPE_SECRET_KEY or its file. Without it the secrets in the database are lost: keep a copy ' +
          'away from the database.',
      )
      call.print(newKeyText())
      return 0
    }
    const action = ACTIONS[verb ?? '']
    if (action === undefined) throw new UsageError(USAGE)
    await using storage = await openStorage(call.config)
    await action(call, storage.database.db)
    return 0
  },
}

const ACTIONS: Record<string, (call: Invocation, db: Db) => Promise<void>> = {
  async list(call, db) {
    const signing = (await listSigningKeys(db)).map(({ id, keyId, createdAt, retiredAt }) => [
      String(id),
      retiredAt === null ? 'signs' : `tells its own until ${dayOf(retiredAt.getTime() + LONGEST_LIFE_MS)}`,
      dayOf(createdAt.getTime()),
      keyId,
    ])
    for (const line of toColumns([['SIGNING KEY', 'STATE', 'CREATED', 'SEALED WITH'], ...signing])) call.print(line)
    const ofWebhooks = (await listWebhookKeys(db, systemClock.nowMs())).map(({ id, keyId, createdAt, endsAt }) => [
      String(id),
      endsAt === null ? 'signs' : `signs until ${dayOf(endsAt.getTime())}`,
      dayOf(createdAt.getTime()),
      keyId,
    ])
    call.print('')
    for (const line of toColumns([['WEBHOOK KEY', 'STATE', 'CREATED', 'SEALED WITH'], ...ofWebhooks])) call.print(line)
    const { name } = sourceOf(call.config)
    const outside = readOutsideKeys(call.config)
    const counts = new Map<string, number>()
    for (const column of SEALED_COLUMNS)
      for (const { keyId, count } of await countSealed(db, column)) counts.set(keyId, (counts.get(keyId) ?? 0) + count)
    const known = outside.map(({ id }, index) => [id, index === 0 ? 'seals' : 'opens', String(counts.get(id) ?? 0)])
    const missing = [...counts]
      .filter(([id]) => !outside.some((key) => key.id === id))
      .map(([id, count]) => [id, 'missing', String(count)])
    call.print('')
    for (const line of toColumns([[`KEY IN ${name}`, 'STATE', 'SECRETS'], ...known, ...missing])) call.print(line)
    if (missing.length > 0) throw new CommandError('There are secrets that no key here opens.')
  },
  async rotate(call, db) {
    const nowMs = systemClock.nowMs()
    if (call.values['discard-lost'] === true) {
      // The lost key has to be missed first: a start without any makes no new file while there are secrets.
      const outside = readOutsideKeys(call.config)
      if (outside.length === 0)
        throw new CommandError('Make a new key first: tintype keys generate, into TINTYPE_SECRET_KEY or the key file.')
      useVault(db, createVault(call.config, outside))
      const { lost, signsWebhooks, id } = await inTransaction(db, async (tx) => {
        const gone = await discardLostKeys(tx)
        const signsWebhooks = await discardLostWebhookKeys(tx)
        return {
          lost: gone,
          signsWebhooks,
          id: gone.length === 0 ? null : await rotateSigningKeys(tx, { atOnce: false }, nowMs),
        }
      })
      if (id !== null || signsWebhooks)
        logDeed(
          call,
          'keys.discard',
          `signing keys ${lost.join(', ') || 'none'}${signsWebhooks ? ', keys of webhooks' : ''}`,
        )
      if (id === null) throw new CommandError('No signing key is lost: all of them open.')
      call.print(`Signing key ${id} signs now. Lost, with what they had signed: ${lost.join(', ')}.`)
      if (signsWebhooks)
        call.print('Webhooks are signed with a new key from the next start on: receivers have to read it anew.')
      return
    }
    if (call.values.webhooks === true) return rotateForWebhooks(call, db, nowMs)
    if (call.values['overlap-seconds'] !== undefined)
      throw new UsageError(
        '--overlap-seconds is for --webhooks: what was signed with the former key goes on to its end',
      )
    const atOnce = call.values['at-once'] === true
    const id = await inTransaction(db, async (tx) => {
      await takeKeys(db, tx, call.config)
      return rotateSigningKeys(tx, { atOnce }, nowMs)
    })
    logDeed(call, 'keys.rotate', `signing key ${id}${atOnce ? ', at once' : ''}`)
    call.print(
      `Signing key ${id} signs now. ${atOnce ? 'Whatever was signed before has ended.' : `What was signed before goes on to its end, the last until ${dayOf(nowMs + LONGEST_LIFE_MS)}.`}`,
    )
  },
  async reseal(call, db) {
    const source = sourceOf(call.config)
    const renew = call.values.new === true
    if (renew && source.path === null)
      throw new UsageError(
        'TINTYPE_SECRET_KEY is in the environment: put the new key first there, the old one behind it, then: ' +
          'tintype keys reseal',
      )
    if (renew && readOutsideKeys(call.config).length === 0)
      throw new CommandError(`There is no key file ${source.name} yet. The first start makes it.`)
    if (renew) rewriteKeyFile(source.path as string, (lines) => [newKeyText(), ...lines])
    const count = await inTransaction(db, async (tx) => {
      await takeKeys(db, tx, call.config)
      let sum = 0
      for (const column of SEALED_COLUMNS) sum += await reseal(tx, column)
      return sum
    })
    if (count > 0) logDeed(call, 'keys.reseal', `${count} secrets`)
    const aside = renew ? setFormerAside(call.config, source.path as string) : []
    const [first] = readOutsideKeys(call.config)
    call.print(
      count === 0
        ? `All secrets are sealed with key ${first?.id} already.`
        : `${count} ${count === 1 ? 'secret is' : 'secrets are'} sealed with key ${first?.id} now.`,
    )
    if (aside.length > 0)
      call.tell(
        `Backups from before need the former key, which stands in ${aside.join(', ')} now. Keep it where you keep ` +
          'copies of keys, and delete it here.',
      )
    if (!renew && readOutsideKeys(call.config).length > 1)
      call.tell(`The other keys in ${source.name} open nothing any more. Take them out.`)
  },
}

const OVERLAP_SECONDS = 7 * 86_400
const MOST_OVERLAP_SECONDS = 31_536_000

/** The public key alone on standard output, as receivers take it. */
async function rotateForWebhooks(call: Invocation, db: Db, nowMs: number): Promise<void> {
  const given = call.values['overlap-seconds']
  const seconds = call.values['at-once'] === true ? 0 : Number(given ?? OVERLAP_SECONDS)
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > MOST_OVERLAP_SECONDS)
    throw new UsageError(`--overlap-seconds must be a whole number from 0 to ${MOST_OVERLAP_SECONDS}`)
  const { id, raw } = await inTransaction(db, async (tx) => {
    await takeKeys(db, tx, call.config)
    return rotateWebhookKeys(tx, { overlapMs: seconds * 1000 }, nowMs)
  })
  logDeed(call, 'keys.rotate', `webhook key ${id}, the former one for ${seconds} s`)
  const ends = new Date(nowMs + seconds * 1000).toISOString()
  call.tell(
    seconds === 0
      ? `Webhook key ${id} signs alone, within seconds. Receivers have to take it now: docs/webhooks.md.`
      : `Webhook key ${id} signs beside the former one until ${ends}, and alone from then on. Receivers have to take ` +
          'both until then: docs/webhooks.md. The new one:',
  )
  call.print(`whpk_${raw.toString('base64')}`)
}

/** Leaves the first key alone in the file, and each other one in a file of its own. */
function setFormerAside(config: Config, path: string): string[] {
  const files = readOutsideKeys(config).map(({ id }) => `${path}.${id}`)
  rewriteKeyFile(path, ([first, ...former]) => {
    for (const [index, line] of former.entries()) replaceWhole(files[index + 1] as string, line)
    return [first as string]
  })
  return files.slice(1)
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
