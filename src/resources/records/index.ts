import type { RecordResource } from '../../store/record-resource.ts'
import { contacts } from './contacts.ts'
import { enrolments } from './enrolments.ts'
import { notes } from './notes.ts'
import { tasks } from './tasks.ts'

const ALL = [contacts, tasks, notes, enrolments] as unknown as RecordResource[]

/** Every kind of record. */
export const RECORDS: ReadonlyMap<string, RecordResource> = new Map(ALL.map((resource) => [resource.kind, resource]))
