import { fieldFileOperations } from './field-files.ts'
import { fileOperations } from './upload.ts'
import { uploadPartOperations } from './upload-parts.ts'

/** Files that messages, contacts and opportunities bring with them. */
export const operations = [...fileOperations, ...uploadPartOperations, ...fieldFileOperations]
