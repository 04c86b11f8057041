import { DEMO_NOW_MS, type DemoRecord, demoId } from './people.ts'

const VENUES = [
  ['Miller’s Barn', 'Hudson', 'barn'],
  ['Orchard House', 'Rhinebeck', 'garden'],
  ['The Lighthouse Inn', 'New London', 'hotel'],
] as const

/** Records of the demo's custom object. */
export function demoVenues(objectId: string | undefined): DemoRecord[] {
  const createdAt = new Date(DEMO_NOW_MS).toISOString()
  const writer = { channel: 'OAUTH', source: 'PUBLIC_API', sourceId: 'demo', createdAt }
  return VENUES.map(([name, town, setting], n) => ({
    id: demoId('object_records', n, 'hex24'),
    createdAtMs: DEMO_NOW_MS + n,
    document: {
      objectId,
      properties: { name, town, setting },
      owner: [],
      followers: [],
      createdBy: writer,
      lastUpdatedBy: writer,
    },
  }))
}

/** What two of the first people answered to the form of the site. */
export function demoSubmissions(people: readonly DemoRecord[], formId: string | undefined): DemoRecord[] {
  return people.slice(2, 4).map(({ id: contactId, document, createdAtMs }, n) => {
    const name = `${document.firstName} ${document.lastName}`
    const { email } = document as { email?: string }
    return {
      id: demoId('form_submissions', n, 'uuid'),
      createdAtMs,
      document: {
        formId,
        contactId,
        name,
        ...(email === undefined ? {} : { email }),
        others: { full_name: name, ...(email === undefined ? {} : { email }) },
        eventData: { source: 'Direct traffic', medium: 'form', mediumId: formId },
        fieldsOriSequance: ['full_name', 'email'],
      },
    }
  })
}
