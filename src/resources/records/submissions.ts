import { type TSchema, Type } from 'typebox'
import { record } from '../../store/records/index.ts'
import { Free, Line, List, Optional, Shape } from '../shapes.ts'

const Id = () => Line(64)
const Address = () => Optional(Line(2000))
const Word = () => Optional(Line(500))

/** wire/highlevel/forms.json: EventDataSchema, and what tells a campaign in an address. Where an answer came from. */
export const EventData = () =>
  Shape({
    page: Optional(Shape({ url: Address(), title: Word() })),
    referrer: Address(),
    source: Word(),
    type: Word(),
    domain: Word(),
    version: Word(),
    adSource: Word(),
    parentId: Word(),
    parentName: Word(),
    pageVisitType: Word(),
    fingerprint: Word(),
    fbc: Word(),
    fbp: Word(),
    fbEventId: Word(),
    fbclid: Word(),
    gclid: Word(),
    msclikid: Word(),
    dclid: Word(),
    campaign: Word(),
    campaignId: Word(),
    utmSource: Word(),
    utmMedium: Word(),
    utmContent: Word(),
    timestamp: Optional(Type.Number({ minimum: 0, maximum: 8_640_000_000_000_000 })),
    contactSessionIds: Optional(Type.Union([Shape({ ids: Optional(List(Line(200), 50)) }), Type.Null()])),
  })

const schema = <P extends Record<string, TSchema>>(of: P) =>
  Type.Object(
    {
      ...of,
      contactId: Optional(Id()),
      name: Optional(Line(400)),
      email: Optional(Line(320)),
      phone: Optional(Line(40)),
      others: Free(),
      eventData: Optional(Free()),
      fieldsOriSequance: List(Line(100), 300),
    },
    { additionalProperties: false },
  )

/** What every submission is found by. */
const SEARCH = ['contactId', 'name', 'email', 'phone']
const OF_CONTACT = { contactId: { to: ['contacts'], gone: 'delete' } } as const
const EXAMPLE = {
  name: 'Rosan Deo',
  email: 'rosan@deo.example',
  contactId: 'ocQHyuzHvysMo5N5VsXc',
  others: { full_name: 'Rosan Deo', email: 'rosan@deo.example' },
  eventData: { medium: 'form', page: { url: 'https://deo.example/contact' } },
  fieldsOriSequance: ['full_name', 'email'],
}

/** wire/highlevel/forms.json: FormsSubmissionsSubmissionsSchema. They stay when their form goes. */
export const formSubmissions = record({
  kind: 'form_submissions',
  label: 'Form Submission',
  noun: 'form submission',
  idFormat: 'uuid',
  scopes: { read: 'forms.readonly', write: 'forms.write' },
  schema: schema({ formId: Line(100) }),
  search: SEARCH,
  exact: ['formId'],
  refs: OF_CONTACT,
  examples: [{ ...EXAMPLE, formId: 'YSWdvS4Is98wtIDGnpmI' }],
})

/** wire/highlevel/surveys.json: SubmissionSchema. */
export const surveySubmissions = record({
  kind: 'survey_submissions',
  label: 'Survey Submission',
  noun: 'survey submission',
  idFormat: 'uuid',
  scopes: { read: 'surveys.readonly', write: 'surveys.write' },
  schema: schema({ surveyId: Line(100), disqualified: Optional(Type.Boolean()) }),
  search: SEARCH,
  exact: ['surveyId'],
  refs: OF_CONTACT,
  examples: [{ ...EXAMPLE, surveyId: 'jjusM6EOngDExnbo2DbU' }],
})
