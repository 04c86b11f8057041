import type { Db } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { createDice, type Dice } from '../src/operations/demo-records-people.ts'
import { contacts } from '../src/resources/records/contacts.ts'
import { createRecords } from '../src/store/records.ts'

/** Tags and how many of a hundred contacts have them. */
export const TAGS = { newsletter: 40, 'price list': 20, 'wedding fair': 5, vip: 1 } as const
const SYLLABLES = 'an ba cor da el fi gra ha is jo ka lu ma ni ol pe qui ro sa ti ur ve wa xi yo zen'.split(' ')
const DOMAINS = ['gmail.example', 'gmail.example', 'outlook.example', 'mail.example', 'studio.example']
const SOURCES = ['Website', 'Website', 'Fair', 'Referral', 'Instagram', 'Price list']
const CITIES = ['Hudson', 'Kingston', 'Albany', 'Newark', 'Stamford', 'Boston', 'Austin', 'Reno', 'Tampa', 'Boise']

/** Few names are common and most are rare, as with people: the first of 676 has 4 % of all. */
function name(dice: Dice, syllables: number): string {
  const rank = Math.floor((dice.roll(1_000_000) / 1_000_000) ** 2 * SYLLABLES.length ** syllables)
  let text = ''
  for (let rest = rank, n = 0; n < syllables; n++) {
    text += SYLLABLES[rest % SYLLABLES.length]
    rest = Math.floor(rest / SYLLABLES.length)
  }
  return `${text[0]?.toUpperCase()}${text.slice(1)}`
}

/** The nth contact of a bench. E-mail and phone are its own. */
export function contactOf(dice: Dice, n: number): Record<string, unknown> {
  const firstName = name(dice, 2)
  const lastName = name(dice, 3)
  return {
    firstName,
    lastName,
    email: `${firstName}.${lastName}.${n}@${dice.pick(DOMAINS)}`.toLowerCase(),
    phone: `+1${2_000_000_000 + n}`,
    companyName: `${name(dice, 3)} Studio`,
    city: dice.pick(CITIES),
    country: 'US',
    timezone: 'America/New_York',
    source: dice.pick(SOURCES),
    type: dice.once(3) ? 'customer' : 'lead',
    tags: [...Object.entries(TAGS).flatMap(([tag, percent]) => (dice.roll(100) < percent ? [tag] : [])), `import ${Math.floor(n / 1000) % 1000}`],
    customFields: [],
    dnd: false,
    followers: [],
  }
}

const BATCH = 2_000

/** Contacts of one location, written by the store itself. Always the same ones, spread over the two years before now. */
export async function createContacts(db: Db, locationId: string, count: number, nowMs = Date.now()): Promise<void> {
  const dice = createDice(7)
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => ({
      document: contactOf(dice, from + index),
      createdAtMs: nowMs - Math.floor((count - from - index) * ((2 * 365 * 86_400_000) / count)),
    }))
    await inTransaction(db, (tx) => createRecords({ tx, locationId, author: { actor: 'system', cause: null, atMs: nowMs } }, contacts, batch))
  }
}
