import { lineShape } from '../registry.ts'
import { businessEntries } from './businesses.ts'
import { calendarEntries } from './calendars.ts'
import { contactEntries } from './contacts.ts'
import { conversationEntries } from './conversations.ts'
import type { CatalogEntry } from './entry.ts'
import { opportunityEntries } from './opportunities.ts'
import { otherEntries } from './other.ts'
import { userEntries } from './users.ts'
import { workflowEntries } from './workflows.ts'

/**
 * The operations catalogue of the connection guide, category by category: 55 triggers and 69 actions. One line can
 * serve two entries (finding a contact is a trigger and an action).
 */
export const CATALOG: Readonly<Record<string, readonly CatalogEntry[]>> = {
  Contacts: contactEntries,
  'Calendars & Appointments': calendarEntries,
  Opportunities: opportunityEntries,
  Users: userEntries,
  'Conversations & Messages': conversationEntries,
  Businesses: businessEntries,
  'Workflows & Campaigns': workflowEntries,
  'Other Operations': otherEntries,
}

const samples = new Map(
  Object.values(CATALOG)
    .flat()
    .filter(({ dedupe }) => dedupe !== null)
    .map(({ line, sample }) => [lineShape(line), sample]),
)

/** A realistic answer of a line of the catalogue; undefined for others. */
export const sampleOf = (line: string): unknown => samples.get(lineShape(line))
