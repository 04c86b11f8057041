import type { Dice } from './chance.ts'
import { DAY_MS, DEMO_NOW_MS, type DemoRecord, type DemoWorld, demoId } from './people.ts'

const HOUR_MS = 3_600_000
const BUSINESSES = [
  'Harvest Barn',
  'Mill Lane Florists',
  'Riverside Venue',
  'The Cake Room',
  'Catskill Caterers',
  'Hudson Strings',
  'Paper and Ink',
  'Old Chapel',
]

/** People of the agency who work in the location. */
export function demoUsers(locationId: string): DemoRecord[] {
  const people = [
    ['Nora', 'North', 'admin'],
    ['Leo', 'Light', 'user'],
    ['Sol', 'Studio', 'user'],
  ] as const
  return people.map(([firstName, lastName, role], n) => ({
    id: demoId('users', n),
    document: {
      firstName,
      lastName,
      email: `${firstName}@northlight.example`.toLowerCase(),
      type: 'account',
      role,
      locationIds: [locationId],
    },
    createdAtMs: DEMO_NOW_MS - 500 * DAY_MS + n * HOUR_MS,
  }))
}

export function demoBusinesses(): DemoRecord[] {
  const writer = { source: 'token', id: 'demo' }
  return BUSINESSES.map((name, n) => ({
    id: demoId('businesses', n, 'hex24'),
    document: {
      name,
      email: `hello@${name.toLowerCase().replaceAll(' ', '-')}.example`,
      phone: `+15185550${150 + n}`,
      city: 'Hudson',
      state: 'NY',
      country: 'US',
      createdBy: writer,
      updatedBy: writer,
    },
    createdAtMs: DEMO_NOW_MS - 450 * DAY_MS + n * HOUR_MS,
  }))
}

const STAGES = ['Inquiry', 'Consultation', 'Proposal sent', 'Booked', 'Lost']

export function demoOpportunities(
  dice: Dice,
  people: readonly DemoRecord[],
  { assets, userIds }: DemoWorld,
): DemoRecord[] {
  return people
    .filter((_, n) => n === 0 || dice.once(4))
    .map(({ id: contactId, document: { firstName, lastName } }, n) => {
      const stage = dice.pick(STAGES)
      const status = stage === 'Booked' ? 'won' : stage === 'Lost' ? 'lost' : 'open'
      const createdAtMs = DEMO_NOW_MS - 120 * DAY_MS + n * HOUR_MS
      const movedAt = new Date(createdAtMs + HOUR_MS).toISOString()
      const document = {
        name: `Wedding of ${firstName} ${lastName}`,
        pipelineId: assets.get('pipelines/sales'),
        pipelineStageId: assets.get(`pipelines/sales#${stage}`),
        status,
        contactId,
        monetaryValue: 800 + dice.roll(60) * 100,
        assignedTo: dice.pick(userIds),
        source: 'Website',
        customFields: [],
        followers: [],
        lastStatusChangeAt: movedAt,
        lastStageChangeAt: movedAt,
      }
      return { id: demoId('opportunities', n), document, createdAtMs }
    })
}

/** Half an hour each, on working days from nine in New York, before and after the demo's moment; no two at a time. */
export function demoAppointments(
  dice: Dice,
  people: readonly DemoRecord[],
  { assets, userIds }: DemoWorld,
  calendar: string,
): DemoRecord[] {
  const days = Array.from({ length: 120 }, (_, day) => DEMO_NOW_MS - HOUR_MS + (day - 60) * DAY_MS).filter(
    (ms) => ![0, 6].includes(new Date(ms).getUTCDay()),
  )
  return days
    .flatMap((ms) => [ms, ms + 2 * HOUR_MS, ms + 4 * HOUR_MS])
    .map((startMs, n) => {
      const userId = dice.pick(userIds)
      const document = {
        calendarId: assets.get(calendar),
        contactId: dice.pick(people).id,
        title: 'Consultation',
        startTime: new Date(startMs).toISOString(),
        endTime: new Date(startMs + HOUR_MS / 2).toISOString(),
        appointmentStatus: startMs > DEMO_NOW_MS ? 'confirmed' : dice.once(8) ? 'noshow' : 'showed',
        assignedUserId: userId,
        users: [userId],
        assignedResources: [],
        createdBy: { source: 'calendar_page' },
      }
      return { id: demoId('appointments', n), document, createdAtMs: Math.min(startMs, DEMO_NOW_MS) - 7 * DAY_MS }
    })
}

export function demoInvoices(dice: Dice, people: readonly DemoRecord[]): DemoRecord[] {
  return Array.from({ length: 60 }, (_, n) => {
    const createdAtMs = DEMO_NOW_MS - (60 - n) * DAY_MS
    const number = `2026-${String(n + 1).padStart(3, '0')}`
    const dueDate = new Date(createdAtMs + 14 * DAY_MS).toISOString().slice(0, 10)
    const document = {
      externalId: `INV-${number}`,
      number,
      total: 500 + dice.roll(50) * 50,
      status: n < 45 ? 'paid' : 'sent',
      currency: 'USD',
      contactId: dice.pick(people).id,
      dueDate,
    }
    return { id: demoId('invoices', n), document, createdAtMs }
  })
}

export interface DemoBlog {
  blogs: DemoRecord[]
  authors: DemoRecord[]
  categories: DemoRecord[]
  posts: DemoRecord[]
}
