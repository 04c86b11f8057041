import { sql } from 'kysely'
import { createPerson, findPerson, setPassword } from '../../src/auth/people.ts'
import { makeLink } from '../../src/auth/person-links.ts'
import { ROLES, type Role } from '../../src/auth/roles.ts'
import { beginSession } from '../../src/auth/sessions.ts'
import { queryOne, type Tx, texts } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { newId } from '../../src/ids.ts'
import type { TestServer } from '../support/server.ts'
import type { World } from '../support/tenant-world.ts'
import { type PersonName, personOf } from './request.ts'

const PASSWORD = 'what all of them have'
const PLACE = { address: '127.0.0.1', agent: 'fuzz' }

interface Member {
  agencyId: string
  role: Role
  locationIds?: readonly string[]
}

/** Somebody of each role, and an owner of another agency, signed in. */
export class FuzzPeople {
  readonly #server: TestServer
  readonly #members: Map<PersonName, Member>
  readonly #made = new Map<PersonName, string>()
  readonly sessions = new Map<PersonName, string>()
  /** What requests may name: somebody who does not ask, and a session in which nobody asks. */
  readonly ids = new Map<string, string>()
  readonly secrets = new Map([['password', PASSWORD]])

  private constructor(server: TestServer, members: Map<PersonName, Member>) {
    this.#server = server
    this.#members = members
  }

  static async of(server: TestServer, { mine, stranger }: World): Promise<FuzzPeople> {
    const member = (role: Role): [PersonName, Member] => [
      personOf(role),
      { agencyId: mine.companyId, role, ...(role === 'client' ? { locationIds: [mine.locationId] } : {}) },
    ]
    const people = new FuzzPeople(
      server,
      new Map<PersonName, Member>([
        ...ROLES.map(member),
        ['person-stranger', { agencyId: stranger.companyId, role: 'owner' }],
      ]),
    )
    await people.signIn()
    await people.#name()
    return people
  }

  /** Whoever is gone comes back, all with the password and the role that they had. */
  async signIn(): Promise<void> {
    const { db, clock } = this.#server.app.platform
    await inTransaction(db, async (tx) => {
      for (const [name, member] of this.#members) {
        const id = await this.#there(tx, name, member)
        this.sessions.set(name, await beginSession(tx, id, PLACE, clock.nowMs()))
      }
    })
  }

  async #there(tx: Tx, name: PersonName, member: Member): Promise<string> {
    const known = await findPerson(tx, this.#made.get(name) ?? '')
    if (known !== null) {
      const places = member.locationIds === undefined ? null : texts(member.locationIds)
      await sql`update person set role = ${member.role}, location_ids = ${places}, totp_confirmed_at = null
        where id = ${known.id}`.execute(tx)
      await setPassword(tx, known.id, PASSWORD)
      return known.id
    }
    const id = await this.#join(tx, member)
    this.#made.set(name, id)
    return id
  }

  async #join(tx: Tx, member: Member): Promise<string> {
    const email = `${newId()}@people.example`
    const person = { ...member, name: member.role, email, password: PASSWORD }
    return (await createPerson(tx, person, this.#server.app.platform.clock.nowMs())).id
  }

  async #name(): Promise<void> {
    const { db, clock } = this.#server.app.platform
    const owner = this.#made.get('person-owner') as string
    await inTransaction(db, async (tx) => {
      const viewer = this.#members.get('person-viewer') as Member
      this.ids.set('person', await this.#join(tx, viewer))
      const personId = await this.#join(tx, viewer)
      const { token } = await makeLink(tx, { personId, purpose: 'reset' }, clock.nowMs())
      this.secrets.set('linkToken', token)
      await beginSession(tx, owner, { ...PLACE, agent: 'another' }, clock.nowMs())
      const other = await queryOne(
        tx,
        sql<{ id: string }>`select id from session where person_id = ${owner} and agent = 'another'`,
      )
      this.ids.set('session', String(other?.id))
    })
  }
}
