import { assetOperations } from './assets.ts'
import { createRegistry } from './registry.ts'
import { tokenOperations } from './tokens.ts'

/** Everything a caller can ask for. */
export const registry = createRegistry([...assetOperations, ...tokenOperations])
