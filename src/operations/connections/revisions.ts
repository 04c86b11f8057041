import { hash } from 'node:crypto'
import { Type } from 'typebox'
import { type Connection, getVersion, listVersions } from '../../connect/index.ts'
import { AppError } from '../../errors.ts'
import { namesOfActors } from '../../snapshots/actor-names.ts'
import { diffDocuments, type Json } from '../../snapshots/diff.ts'
import type { Context } from '../define.ts'

/** For whoever changes what they have read before. */
export const Revision = () =>
  Type.String({
    maxLength: 100,
    description:
      'The `revision` that was read. Where somebody has changed the definition, the name or the settings since, 409 ' +
      'says who and what, and nothing is written. Without it the last one wins.',
  })

const settingsHash = ({ name, settings }: Connection) =>
  hash('sha256', JSON.stringify([name, settings]), 'base64url').slice(0, 16)

/** What people change of a connection: its newest version, and what is set of it besides. What runs changes it not. */
export const revisionOf = (connection: Connection): string => `${connection.version}.${settingsHash(connection)}`

/** The connection is held. Throws `changed_meanwhile` where it is not what was read. */
export async function refuseRevised(ctx: Context, connection: Connection, read: string | undefined): Promise<void> {
  if (read === undefined || read === revisionOf(connection)) return
  const [, version = '', settings] = /^(\d{1,9})\.(.*)$/s.exec(read) ?? []
  const what = [
    ...(await newerThan(ctx, connection, Number(version))),
    ...(settings === settingsHash(connection) ? [] : ['its name or settings']),
  ]
  throw new AppError('changed_meanwhile', { noun: 'connection', how: `: ${what.join('; ')}` })
}

/** `version 3 by Ada: source.items`. Nothing where there has been no such version. */
async function newerThan({ db }: Context, connection: Connection, read: number): Promise<string[]> {
  if (read < 1 || read >= connection.version) return []
  const [seen, newest] = [await getVersion(db, connection, read), await getVersion(db, connection, connection.version)]
  const authors = (await listVersions(db, connection)).flatMap(({ version, author }) =>
    version > read ? [author] : [],
  )
  const names = await namesOfActors(db, authors)
  const who = [...new Set(authors)].map((author) => names.get(author) ?? author).join(', ')
  const fields = diffDocuments(seen.doc as unknown as Json, newest.doc as unknown as Json)
  return [`version ${connection.version} by ${who}: ${fields.map(({ path }) => path).join(', ')}`]
}
