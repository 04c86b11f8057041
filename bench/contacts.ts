import type { Db } from '../src/db/pool.ts'
import { inTransaction } from '../src/db/transaction.ts'
import { createDice, type Dice } from '../src/demo/index.ts'
import { newId } from '../src/ids.ts'
import { RESOURCES } from '../src/resources/index.ts'
import { appointments } from '../src/resources/records/appointments.ts'
import { contacts } from '../src/resources/records/contacts.ts'
import { type AssetResource, createAsset } from '../src/store/assets/index.ts'
import { createRecords } from '../src/store/records/index.ts'

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
    tags: [
      ...Object.entries(TAGS).flatMap(([tag, percent]) => (dice.roll(100) < percent ? [tag] : [])),
      `import ${Math.floor(n / 1000) % 1000}`,
    ],
    customFields: [],
    dnd: false,
    followers: [],
  }
}

const BATCH = 2_000

/**
 * Contacts of one location, written by the store itself. Always the same ones, spread over the two years before now.
 */
export async function createContacts(db: Db, locationId: string, count: number, nowMs = Date.now()): Promise<void> {
  const dice = createDice(7)
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => ({
      document: contactOf(dice, from + index),
      createdAtMs: nowMs - Math.floor((count - from - index) * ((2 * 365 * 86_400_000) / count)),
    }))
    await inTransaction(db, (tx) =>
      createRecords({ tx, locationId, author: { actor: 'system', cause: null, atMs: nowMs } }, contacts, batch),
    )
  }
}

/** A calendar of a team whose month (March 2027) is well booked. Answers its id. */
export async function createFullMonth(
  db: Db,
  locationId: string,
  { members, appointments: wanted }: { members: number; appointments: number },
): Promise<string> {
  const author = { actor: 'system', cause: null, atMs: Date.now() }
  const userIds = Array.from({ length: members }, () => newId())
  const openHours = [
    { daysOfTheWeek: [1, 2, 3, 4, 5], hours: [{ openHour: 8, openMinute: 0, closeHour: 18, closeMinute: 0 }] },
  ]
  return inTransaction(db, async (tx) => {
    const scope = { tx, locationId, author, kinds: [...RESOURCES.keys()] }
    const calendar = RESOURCES.get('calendars') as AssetResource
    const document = {
      ...calendar.examples[0],
      name: 'Team',
      calendarType: 'round_robin',
      teamMembers: userIds.map((userId) => ({ userId, priority: 0.5, isPrimary: false })),
      slotDuration: 30,
      slotDurationUnit: 'mins',
      slotInterval: 30,
      slotIntervalUnit: 'mins',
      openHours,
    }
    const { id: calendarId } = await createAsset(scope, calendar, document)
    const [contact] = await createRecords(scope, contacts, [{ document: contactOf(createDice(3), 1) }])
    // Member by member, half an hour each, spread over the hours of all weekdays.
    const days = Array.from({ length: 31 }, (_, day) => Date.UTC(2027, 2, 1 + day, 8)).filter(
      (at) => ![0, 6].includes(new Date(at).getUTCDay()),
    )
    const perMember = Math.ceil(wanted / members)
    const booked = Array.from({ length: wanted }, (_, n) => {
      const place = Math.floor((n % perMember) * ((days.length * 20) / perMember))
      const startMs = (days[Math.floor(place / 20)] as number) + (place % 20) * 1_800_000
      const at = (ms: number) => new Date(ms).toISOString()
      const user = userIds[Math.floor(n / perMember)] as string
      const times = { startTime: at(startMs), endTime: at(startMs + 1_800_000) }
      return {
        document: {
          calendarId,
          contactId: contact?.id,
          title: `Talk ${n}`,
          ...times,
          appointmentStatus: 'confirmed',
          assignedUserId: user,
          users: [],
          assignedResources: [],
          createdBy: { source: 'bench' },
        },
      }
    })
    await createRecords(scope, appointments, booked)
    return calendarId
  })
}
