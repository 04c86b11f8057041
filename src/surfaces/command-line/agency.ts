import { type AgencyRow, listAgencies, renameAgency } from '../../auth/agencies.ts'
import { foundAgency } from '../../auth/found-agency.ts'
import { EMAIL, findByEmail } from '../../auth/people.ts'
import type { Db } from '../../db/pool.ts'
import { type Command, CommandError, type Invocation, UsageError } from './command.ts'
import { decide } from './deed.ts'
import { toColumns } from './layout.ts'
import { openStorage } from './storage.ts'

const USAGE = 'Say what to do: tintype agency create NAME [--admin E-MAIL], rename ID NAME, or list'
const MOST_NAME = 200

export const agency: Command = {
  name: 'agency',
  usage: 'agency create NAME [--admin E-MAIL]|rename ID NAME|list',
  summary: 'Agencies: whoever owns sub-accounts. The first thing that an installation without the demo needs.',
  words: true,
  options: {
    admin: { type: 'string', description: 'create: E-mail of the first person who may sign in and allow apps.' },
  },
  async run(call) {
    const [verb, ...words] = call.words
    const action = ACTIONS[verb ?? '']
    if (action === undefined || words.length !== action.words) throw new UsageError(USAGE)
    await using storage = await openStorage(call.config)
    await action.run(call, storage.database.db, words)
    return 0
  },
}

const ACTIONS: Record<string, { words: number; run: (call: Invocation, db: Db, words: string[]) => Promise<void> }> = {
  create: {
    words: 1,
    async run(call, db, [given = '']) {
      const name = checkName(given)
      const email = call.values.admin === undefined ? undefined : String(call.values.admin)
      if (email !== undefined && !EMAIL.test(email)) throw new UsageError(`${email} is not an e-mail`)
      if (email !== undefined && (await findByEmail(db, email)) !== null)
        throw new CommandError(`${email} is an admin of an agency already. Everybody signs in to one.`)
      const { agency, admin, token } = await decide(
        { call, db },
        (tx, atMs) => foundAgency(tx, { name, email }, atMs),
        ({ agency: { id: agencyId } }) => ({
          event: 'agencies.create',
          agencyId,
          told: { email, name, agencyId },
        }),
      )
      for (const line of toColumns([
        ['Agency', agency.name],
        ['companyId', agency.id],
        ['Relationship number', agency.relationshipNumber],
        ...(admin === null
          ? []
          : [
              ['Admin', admin.email],
              ['Password', admin.password],
            ]),
      ]))
        call.tell(line)
      call.tell(
        `The agency's first token${admin === null ? '' : ' and the password'} cannot be shown again. Keep what is ` +
          'below:',
      )
      call.print(token)
    },
  },
  rename: {
    words: 2,
    async run(call, db, [id = '', name = '']) {
      const wanted = checkName(name)
      const renamed = await decide(
        { call, db },
        (tx) => renameAgency(tx, id, wanted),
        () => ({ event: 'agencies.rename', agencyId: id, told: { name: wanted, agencyId: id } }),
      )
      show(call, [renamed])
    },
  },
  list: {
    words: 0,
    async run(call, db) {
      show(call, await listAgencies(db))
    },
  },
}

function checkName(given: string): string {
  const name = given.trim()
  if (name === '' || name.length > MOST_NAME || name.includes('\u0000'))
    throw new UsageError(`A name has 1 to ${MOST_NAME} characters`)
  return name
}

function show(call: Invocation, agencies: readonly AgencyRow[]): void {
  const rows = agencies.map(({ id, name, relationshipNumber, locationCount }) => [
    id,
    relationshipNumber,
    String(locationCount),
    name,
  ])
  for (const line of toColumns([['COMPANY ID', 'RELATIONSHIP', 'SUB-ACCOUNTS', 'NAME'], ...rows])) call.print(line)
}
