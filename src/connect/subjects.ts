import { sql } from 'kysely'
import { type Db, query, texts } from '../db/pool.ts'
import { shownRecordName } from '../store/records/index.ts'
import type { Delivery } from './deliveries.ts'

interface Naming {
  /** Of whoever asks: what an app was told of others is theirs to name. */
  agencyId: string
  /** What is a contact's and has no name of its own is told by the contact's. */
  namesContacts: boolean
}

/** What deliveries tell of, by what people call it now or called it last: those of which something says it, by their ids. */
export async function namesOfSubjects(
  db: Db,
  deliveries: readonly Pick<Delivery, 'id' | 'subject' | 'subjectLocation'>[],
  { agencyId, namesContacts }: Naming,
): Promise<Map<string, string>> {
  const column = (of: (one: (typeof deliveries)[number]) => string) => texts(deliveries.map(of))
  const rows = await query(
    db,
    sql<{ id: string; name: string | null }>`
      select s.id, coalesce(${shownRecordName('r')}, ${shownRecordName('p')}, a.name, w.name, l.name) as name
      from unnest(${column(({ id }) => id)}, ${column((one) => one.subjectLocation)},
          ${column(({ subject }) => kindOf(subject))}, ${column(({ subject }) => entityOf(subject))})
          s(id, location_id, kind, entity_id)
        left join location o on o.id = s.location_id and o.agency_id = ${agencyId}
        left join record r on r.location_id = o.id and r.kind = s.kind and r.id = s.entity_id
        left join record p on ${namesContacts} and p.location_id = o.id and p.kind = 'contacts'
          and p.id = r.doc->>'contactId'
        left join asset a on a.location_id = o.id and a.kind = s.kind and a.id = s.entity_id
          and position('⟦' in a.name) = 0
        left join webhook_endpoint w on s.kind = 'webhooks' and w.location_id = s.location_id and w.id = s.entity_id
        left join location l on s.kind in ('app', 'location') and l.id = s.entity_id and l.agency_id = ${agencyId}`,
  )
  return new Map(rows.flatMap(({ id, name }) => (name === null ? [] : [[id, name]])))
}

const kindOf = (subject: string) => subject.slice(0, subject.indexOf('/'))
const entityOf = (subject: string) => subject.slice(subject.indexOf('/') + 1)
