import { formOperations } from './forms.ts'
import { createRegistry } from './registry.ts'

/** Everything a caller can ask for. */
export const registry = createRegistry([...formOperations])
