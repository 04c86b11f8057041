import { businessOperations } from './businesses.ts'
import { contactCrudOperations } from './contacts.ts'
import { contactEnrolmentOperations } from './enrolments.ts'
import { contactLinkOperations } from './links.ts'
import { contactListOperations } from './lists.ts'
import { contactNoteOperations } from './notes.ts'
import { recurringTaskOperations } from './recurring-tasks.ts'
import { relationOperations } from './relations.ts'
import { contactSearchOperations } from './search.ts'
import { contactTagOperations } from './tags.ts'
import { taskSearchOperations } from './task-search.ts'
import { contactTaskOperations } from './tasks.ts'

export { holdContact } from './children.ts'
export { BLANK } from './documents.ts'
export { enrol } from './enrolling.ts'
export { type Field, moment, scalar, some } from './filter-fields.ts'
export { toCondition } from './filters.ts'
export { ownOfContact, writeContacts } from './sets.ts'
export { addTags } from './tags.ts'
export { upsertContact } from './upsert.ts'
export { ContactAnswer, contactInput, toContact } from './wire.ts'

/** People and businesses that a sub-account knows, and what hangs on them. */
export const operations = [
  ...contactCrudOperations,
  ...contactSearchOperations,
  ...contactListOperations,
  ...contactTagOperations,
  ...contactTaskOperations,
  ...taskSearchOperations,
  ...recurringTaskOperations,
  ...contactNoteOperations,
  ...contactEnrolmentOperations,
  ...contactLinkOperations,
  ...businessOperations,
  ...relationOperations,
]
