import { deriveId, type IdFormat } from '../ids.ts'
import type { NewRecord } from '../store/records/index.ts'
import type { Dice } from './chance.ts'

/** A record of the demo with its id. */
export type DemoRecord = NewRecord & { id: string }

/** Everything of the demo happens around this moment, whenever the demo is made: two demos hold the same. */
export const DEMO_NOW_MS = Date.UTC(2026, 2, 2, 15)
export const DAY_MS = 86_400_000
export const PEOPLE = 2000

/** The id of the nth record of a kind in every demo. */
export const demoId = (kind: string, n: number, format: IdFormat = 'id20') => deriveId(format, 'demo', kind, String(n))

/** Ids of what the records refer to. */
export interface DemoWorld {
  /** Of assets, as `kind/ref` and `kind/ref#part`. */
  assets: ReadonlyMap<string, string>
  userIds: readonly string[]
  businessIds: readonly string[]
}

const FIRST = (
  'Ada Ben Carla Dmitri Elena Farid Grace Hugo Ines Jonas Kaya Liam Mina Noah Olga Priya Quentin Rosa Samir Tara ' +
  'Umar Vera Wanda Xavier Yuki Zoe'
).split(' ')
const LAST = (
  'Abbott Baker Castillo Diaz Eriksen Fischer Garcia Haddad Ivanov Jensen Kowalski Laurent Moreau Nguyen Okafor ' +
  'Patel Quinn Rossi Schmidt Tanaka Ueda Vargas Weber Xu Yilmaz Zhang'
).split(' ')
const CITIES = [
  ['Hudson', 'NY', '12534'],
  ['Kingston', 'NY', '12401'],
  ['Albany', 'NY', '12207'],
  ['Newark', 'NJ', '07102'],
  ['Stamford', 'CT', '06901'],
  ['Boston', 'MA', '02108'],
] as const
const SOURCES = ['Website', 'Wedding fair', 'Referral', 'Instagram', 'Price list']
const PACKAGES = ['Half day', 'Full day', 'Weekend']
/** 555-0100 to 555-0199 belong to nobody, in each of these areas. */
const AREAS = [201, 202, 203, 212, 215, 301, 302, 303, 312, 313, 315, 401, 402, 404, 412, 415, 502, 503, 512, 518]

/** Two thousand people; no two share an e-mail or a telephone number. */
export function demoContacts(dice: Dice, { assets, userIds, businessIds }: DemoWorld): DemoRecord[] {
  return Array.from({ length: PEOPLE }, (_, n) => {
    const firstName = dice.pick(FIRST)
    const lastName = dice.pick(LAST)
    const [city, state, postalCode] = dice.pick(CITIES)
    const type = dice.once(3) ? 'customer' : 'lead'
    const values = [
      { id: assets.get('custom_fields/date'), value: dateIn(dice, 400) },
      { id: assets.get('custom_fields/package'), value: dice.pick(PACKAGES) },
      { id: assets.get('custom_fields/budget'), value: 500 + dice.roll(90) * 50 },
    ]
    const document = {
      firstName,
      lastName,
      email: `${firstName}.${lastName}.${n}@people.example`.toLowerCase(),
      phone: `+1${AREAS[Math.floor(n / 100)]}55501${String(n % 100).padStart(2, '0')}`,
      city,
      state,
      postalCode,
      country: 'US',
      type,
      source: dice.pick(SOURCES),
      tags: [type === 'customer' ? 'client' : 'lead', ...(dice.once(12) ? ['vip'] : [])],
      customFields: dice.once(2) ? values.filter(({ id }) => id !== undefined) : [],
      // The first dozen take messages, so that the demo can be tried at once.
      dnd: n >= 12 && dice.once(40),
      followers: dice.once(10) ? [dice.pick(userIds)] : [],
      ...(dice.once(2) ? { assignedTo: dice.pick(userIds) } : {}),
      ...(dice.once(20) ? { businessId: dice.pick(businessIds) } : {}),
    }
    return { id: demoId('contacts', n), document, createdAtMs: DEMO_NOW_MS - (PEOPLE - n) * 5 * 3_600_000 }
  })
}

function dateIn(dice: Dice, days: number): string {
  return new Date(DEMO_NOW_MS + dice.roll(days) * DAY_MS).toISOString().slice(0, 10)
}

const TASKS = [
  'Send the price list',
  'Call back',
  'Prepare the contract',
  'Ask for the guest list',
  'Order the album',
  'Say thank you',
]
const NOTES = [
  'Prefers to be called in the morning.',
  'Met at the fair; loves black and white.',
  'The venue allows no flash.',
  'Wants an album for the parents too.',
]

export function demoTasks(dice: Dice, people: readonly DemoRecord[], { userIds }: DemoWorld): DemoRecord[] {
  return people
    .filter((_, n) => n === 0 || dice.once(3))
    .map(({ id: contactId }, n) => {
      const dueMs = DEMO_NOW_MS + (dice.roll(60) - 30) * DAY_MS
      const document = {
        contactId,
        title: dice.pick(TASKS),
        assignedTo: dice.pick(userIds),
        dueDate: new Date(dueMs).toISOString(),
        completed: dueMs < DEMO_NOW_MS,
      }
      return { id: demoId('tasks', n), document, createdAtMs: DEMO_NOW_MS - 40 * DAY_MS + n * 60_000 }
    })
}

export function demoNotes(dice: Dice, people: readonly DemoRecord[], { userIds }: DemoWorld): DemoRecord[] {
  return people
    .filter((_, n) => n === 0 || dice.once(2))
    .map(({ id: contactId }, n) => ({
      id: demoId('notes', n),
      document: { contactId, userId: dice.pick(userIds), body: dice.pick(NOTES), pinned: dice.once(10) },
      createdAtMs: DEMO_NOW_MS - 60 * DAY_MS + n * 60_000,
    }))
}
