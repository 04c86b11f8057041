import { type Static, Type } from 'typebox'
import { findOwner } from '../../auth/locations.ts'
import { AppError, invalid } from '../../errors.ts'
import { EventData } from '../../resources/records/submissions.ts'
import { type AssetDocument, type AssetResource, getAsset } from '../../store/assets/index.ts'
import { createRecord, type RecordDocument, type RecordResource, type RecordRow } from '../../store/records/index.ts'
import { upsertContact } from '../contacts/index.ts'
import type { Context } from '../define.ts'
import { Id } from '../schemas.ts'
import { contactOf, nameOf, readAnswers } from './answers.ts'
import { type OnSubmit, takeConsequences } from './consequences.ts'
import { type Answers, type Course, courseOf, questionsOf } from './questions.ts'

const Value = Type.Union([
  Type.String({ maxLength: 20_000 }),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Type.String({ maxLength: 1000 }), { maxItems: 500 }),
])

export const submissionInput = {
  locationId: Id(),
  values: Type.Record(Type.String({ minLength: 1, maxLength: 100 }), Value, {
    maxProperties: 300,
    description:
      'Answers by field: its id, its custom field, its query parameter, or what it asks of a contact (full_name, ' +
      'email, phone ...).',
  }),
  eventData: Type.Optional(EventData()),
}

export interface Submitted {
  row: RecordRow
  course: Course
  onSubmit: OnSubmit
}

interface Place {
  asset: AssetResource
  record: RecordResource
  id: string
  /** Its name in submissions, and what its submissions are said to come by. */
  idField: 'formId' | 'surveyId'
  medium: 'form' | 'survey'
}

/**
 * Whoever answers has no token: the call is the location's own, and the form is said to have written what it writes.
 * What the location knew of the person already is not told.
 */
async function inName(ctx: Context, { medium, id }: Place): Promise<Context> {
  const agencyId = await findOwner(ctx.db, ctx.locationId)
  if (agencyId === null) throw new AppError('not_found', { what: medium, id })
  const author = { ...ctx.author, actor: `${medium}:${id}` }
  return Object.create(ctx, {
    agencyId: { value: agencyId },
    author: { value: author },
    scope: { value: { ...ctx.scope, author } },
  })
}

export async function submit(
  visitor: Context,
  place: Place,
  { values, eventData = {} }: Pick<Static<ReturnType<typeof toInput>>, 'values' | 'eventData'>,
): Promise<Submitted> {
  const ctx = await inName(visitor, place)
  const { document } = await getAsset(ctx.db, place.asset, ctx.locationId, place.id)
  const answers = readAnswers(questionsOf(document), values, place.medium)
  const course = courseOf(document, answers)
  const missing = course.required.filter((question) => !answers.has(question))
  if (missing.length > 0)
    throw invalid(missing.map((question) => `values.${nameOf(question)} should not be empty`).slice(0, 20))
  const title = String(document.name)
  const person = contactOf(answers)
  const contact = await keepContact(ctx, place, { person, title, eventData })
  const onSubmit = (document.onSubmit ?? {}) as OnSubmit
  const name = String(person.name ?? [person.firstName, person.lastName].filter(Boolean).join(' ')).slice(0, 400)
  const row = await createRecord(ctx.scope, place.record, {
    [place.idField]: place.id,
    ...(contact === null ? {} : { contactId: contact.id }),
    ...(name === '' ? {} : { name }),
    ...textOf('email', contact?.document.email ?? person.email),
    ...textOf('phone', contact?.document.phone ?? person.phone),
    ...(course.disqualified ? { disqualified: true } : {}),
    others: othersOf(answers),
    eventData: { source: 'Direct traffic', ...eventData, medium: place.medium, mediumId: place.id },
    fieldsOriSequance: questionsOf(document).map(nameOf),
  })
  if (contact !== null && !course.disqualified)
    await takeConsequences(ctx, onSubmit, { contactId: contact.id, title: name || title })
  return { row, course, onSubmit }
}

const toInput = () => Type.Object(submissionInput)
const textOf = (name: string, value: unknown) => (typeof value === 'string' ? { [name]: value } : {})

const othersOf = (answers: Answers): AssetDocument =>
  Object.fromEntries([...answers].map(([question, value]) => [nameOf(question), value]))

/** Makes or changes the contact with this e-mail, else this phone. Null: nothing says who it is. */
async function keepContact(
  ctx: Context,
  { medium, id }: Place,
  { person, title, eventData }: { person: RecordDocument; title: string; eventData: RecordDocument },
): Promise<RecordRow | null> {
  if (person.email === undefined && person.phone === undefined) return null
  const { page, ...seen } = eventData
  const { url } = (page ?? {}) as { url?: string }
  const attribution = Object.fromEntries(
    Object.entries({ ...seen, url, medium, mediumId: id }).filter(([name]) => ATTRIBUTION.has(name)),
  )
  const { contact } = await upsertContact(
    ctx,
    { ...person, lastAttributionSource: attribution },
    { begins: { attributionSource: attribution, source: title } },
  )
  return contact
}

/** wire/highlevel/contacts.json: AttributionSource. */
const ATTRIBUTION = new Set(
  'url campaign utmSource utmMedium utmContent referrer campaignId fbclid gclid msclikid dclid fbc fbp fbEventId medium mediumId'.split(
    ' ',
  ),
)
