import { newPassword } from '../../auth/passwords.ts'
import { createPerson, EMAIL, findByEmail, listPeople, type Person, setPassword } from '../../auth/people.ts'
import { changePerson, dismissPerson, holdPersonRow, listPersonRows, stateOf } from '../../auth/person-changes.ts'
import { ROLES, type Role } from '../../auth/roles.ts'
import { hasSecondFactor, switchOffTotp } from '../../auth/second-factor.ts'
import type { Db, Tx } from '../../db/pool.ts'
import { AppError } from '../../errors.ts'
import { chooseAgency } from './choose-agency.ts'
import { type Command, CommandError, type Invocation, UsageError } from './command.ts'
import { type Deed, decide } from './deed.ts'
import { toColumns } from './layout.ts'
import { openStorage } from './storage.ts'

/** A client's locations are chosen in the console, or over HTTP. */
const TO_GIVE = ROLES.filter((role) => role !== 'client')

export const admin: Command = {
  name: 'admin',
  usage: 'admin create EMAIL|password EMAIL|role EMAIL|second-factor EMAIL|remove EMAIL|list',
  summary: 'People who may sign in, and what they may do.',
  words: true,
  options: {
    'company-id': { type: 'string', description: 'The agency. Needed when there are several.' },
    name: { type: 'string', description: 'create: what they are called. Default: the e-mail.' },
    role: {
      type: 'string',
      description:
        `create: ${TO_GIVE.join(', ')}. Default: owner for the first of an agency, admin for the next. role: what they ` +
        'may from now on.',
    },
  },
  async run(call) {
    const [verb, email, ...more] = call.words
    const action = ACTIONS[verb ?? '']
    if (action === undefined || more.length > 0 || (verb === 'list') !== (email === undefined))
      throw new UsageError(
        'Say what to do: tintype admin create EMAIL, password EMAIL, role EMAIL --role ROLE, second-factor EMAIL, ' +
          'remove EMAIL or list',
      )
    if (email !== undefined && !EMAIL.test(email)) throw new UsageError(`${email} is not an e-mail`)
    await using storage = await openStorage(call.config)
    await action(call, storage.database.db, email ?? '')
    return 0
  },
}

const ACTIONS: Record<string, (call: Invocation, db: Db, email: string) => Promise<void>> = {
  async create(call, db, email) {
    const wanted = roleIn(call)
    if ((await findByEmail(db, email)) !== null)
      throw new CommandError(`${email} can sign in already. A new password: tintype admin password ${email}`)
    const agencyId = await chooseAgency(call, db)
    const password = newPassword()
    const name = typeof call.values.name === 'string' ? call.values.name : email
    await decide(
      { call, db },
      async (tx, atMs) => {
        const role = wanted ?? ((await listPeople(tx, agencyId)).length === 0 ? 'owner' : 'admin')
        return createPerson(tx, { agencyId, email, name, role, password }, atMs)
      },
      (made) => deedOn('people.create', made, made.role),
    )
    show(call, email, password)
  },
  async password(call, db, email) {
    const known = await getByEmail(db, email)
    const password = newPassword()
    await decide(
      { call, db },
      (tx) => setPassword(tx, known.id, password),
      () => deedOn('people.password', known),
    )
    show(call, email, password)
  },
  async role(call, db, email) {
    const role = roleIn(call)
    if (role === undefined) throw new UsageError(`Which one? --role ${TO_GIVE.join('|')}`)
    const known = await getByEmail(db, email)
    const change = async (tx: Tx) => {
      const held = await holdPersonRow(tx, known.agencyId, known.id)
      await changePerson(tx, held, { name: held.name, role, locationIds: null }, { byOwner: true })
    }
    await guardingOwners(() => decide({ call, db }, change, () => deedOn('people.update', known, role)))
    call.print(`${email} is ${role} from now on, wherever they are signed in.`)
  },
  async 'second-factor'(call, db, email) {
    const known = await getByEmail(db, email)
    const switchOff = async (tx: Tx) => {
      if (!(await hasSecondFactor(tx, known.id))) throw new CommandError(`${email} has no second factor.`)
      await switchOffTotp(tx, known.id)
    }
    await decide({ call, db }, switchOff, () => deedOn('people.secondFactor', known))
    call.print(`${email} signs in by password alone, until they set up a second factor again.`)
  },
  async remove(call, db, email) {
    const known = await getByEmail(db, email)
    const dismiss = async (tx: Tx) =>
      dismissPerson(tx, await holdPersonRow(tx, known.agencyId, known.id), { byOwner: true })
    await guardingOwners(() => decide({ call, db }, dismiss, () => deedOn('people.remove', known)))
    call.print(`${known.email} can no longer sign in. Apps that were allowed stay: tintype app installs shows them.`)
  },
  async list(call, db) {
    const people = await listPersonRows(db, await chooseAgency(call, db))
    const rows = people.map((one) => [one.email, one.name, one.role, stateOf(one), one.id])
    for (const line of toColumns([['EMAIL', 'NAME', 'ROLE', 'STATE', 'ID'], ...rows])) call.print(line)
  },
}

function roleIn({ values: { role } }: Invocation): Role | undefined {
  if (role === undefined) return undefined
  const known = TO_GIVE.find((one) => one === role)
  if (known === undefined) throw new UsageError(`--role must be one of ${TO_GIVE.join(', ')}`)
  return known
}

const deedOn = (
  event: string,
  { id, agencyId, email }: Pick<Person, 'id' | 'agencyId' | 'email'>,
  role?: Role,
): Deed => ({
  event,
  agencyId,
  told: { email, role, personId: id },
})

/** One owner always stays, or nobody could let in another. */
async function guardingOwners(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'last_owner') throw error
    throw new CommandError(
      'The agency would have no owner any more. First another one: tintype admin create EMAIL --role owner, or ' +
        'tintype admin role EMAIL --role owner',
    )
  }
}

async function getByEmail(db: Db, email: string): Promise<Person> {
  const known = await findByEmail(db, email)
  if (known === null) throw new CommandError(`There is no admin ${email}. tintype admin list shows them.`)
  return known
}

/** The password alone on standard output, so that it can be piped; the only time that it can be read. */
function show(call: Invocation, email: string, password: string): void {
  call.tell(`Password of ${email}. Keep it: it cannot be shown again.`)
  call.print(password)
}
