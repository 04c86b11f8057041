import { contactCrudOperations } from './contacts.ts'
import { contactEnrolmentOperations } from './contacts-enrolments.ts'
import { contactLinkOperations } from './contacts-links.ts'
import { contactNoteOperations } from './contacts-notes.ts'
import { contactSearchOperations } from './contacts-search.ts'
import { contactTagOperations } from './contacts-tags.ts'
import { contactTaskOperations } from './contacts-tasks.ts'
import { customerOperations } from './customers.ts'

/** Reading and writing CRM data, kind by kind. */
export const recordOperations = [
  ...contactCrudOperations,
  ...contactSearchOperations,
  ...contactTagOperations,
  ...contactTaskOperations,
  ...contactNoteOperations,
  ...contactEnrolmentOperations,
  ...contactLinkOperations,
  ...customerOperations,
]
