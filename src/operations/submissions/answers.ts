import { invalid } from '../../errors.ts'
import type { RecordDocument } from '../../store/records/index.ts'
import { type Answers, isBlank, type Question, takesAnswer } from './questions.ts'

/** Types of fields -> fields of a contact. */
const OF_CONTACT: Record<string, string> = {
  first_name: 'firstName',
  last_name: 'lastName',
  full_name: 'name',
  email: 'email',
  phone: 'phone',
  address: 'address1',
  city: 'city',
  state: 'state',
  country: 'country',
  postal_code: 'postalCode',
  organization: 'companyName',
  website: 'website',
  date_of_birth: 'dateOfBirth',
}

/** What an answer is called in a submission, as on the wire: what it tells of a contact, its custom field, its own name. */
export const nameOf = ({ id, type, customFieldId, queryKey }: Question) =>
  OF_CONTACT[type] === undefined ? (customFieldId ?? queryKey ?? id) : type

/** A field answers to its id, its custom field, its query parameter, and what it asks of a contact. */
const namesOf = (question: Question) =>
  [question.id, question.customFieldId, question.queryKey, nameOf(question)].filter((name) => name !== undefined)

/** The answers by their fields. What no field asks for is named (422). */
export function readAnswers(questions: readonly Question[], values: Record<string, unknown>, noun: string): Answers {
  const byName = new Map<string, Question>()
  for (const question of questions.filter(takesAnswer))
    for (const name of namesOf(question)) if (!byName.has(name)) byName.set(name, question)
  const faults: string[] = []
  const answers = new Map<Question, unknown>()
  for (const [name, value] of Object.entries(values)) {
    const question = byName.get(name)
    if (question === undefined) faults.push(`values.${name}: the ${noun} has no such field`)
    else if (!isBlank(value)) answers.set(question, value)
  }
  if (faults.length > 0) throw invalid(faults.slice(0, MOST_FAULTS))
  return answers
}

const MOST_FAULTS = 20

/** How a document tells of a reference that leads nowhere: whoever answers must not pay for it. */
const GONE = 'missing:'

/** What the answers say of the person, as `contacts.upsert` takes it. */
export function contactOf(answers: Answers): RecordDocument {
  const contact: RecordDocument = {}
  const customFields: RecordDocument[] = []
  for (const [{ type, customFieldId }, value] of answers) {
    const field = OF_CONTACT[type]
    if (field !== undefined) contact[field] = [value].flat().join(', ')
    else if (customFieldId !== undefined && !customFieldId.startsWith(GONE))
      customFields.push({ id: customFieldId, value })
  }
  return customFields.length === 0 ? contact : { ...contact, customFields }
}
