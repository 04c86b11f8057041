import { objectFieldOperations } from './fields.ts'
import { fieldFolderOperations } from './folders.ts'
import { objectRecordOperations } from './records.ts'
import { objectOperations } from './schemas.ts'

/** Custom objects: what they are, their fields in folders, and their records. */
export const operations = [
  ...objectOperations,
  ...objectRecordOperations,
  ...objectFieldOperations,
  ...fieldFolderOperations,
]
