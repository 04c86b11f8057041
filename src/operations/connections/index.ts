import { authoriseOperations } from './authorise.ts'
import { connectionOperations } from './connections.ts'
import { deadLetterOperations } from './dead-letters.ts'
import { fileOperations } from './files.ts'
import { overviewOperations } from './overview.ts'
import { runOperations } from './runs.ts'
import { sampleOperations } from './samples.ts'
import { stateOperations } from './states.ts'
import { versionOperations } from './versions.ts'

export { createWriters } from './writers.ts'

/** Other programs that feed us: how they are read, what came and what was made of it (docs/decisions/0021). */
export const operations = [
  ...connectionOperations,
  ...overviewOperations,
  ...stateOperations,
  ...authoriseOperations,
  ...versionOperations,
  ...sampleOperations,
  ...fileOperations,
  ...runOperations,
  ...deadLetterOperations,
]
