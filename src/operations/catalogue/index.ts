export { catalogOperation } from './catalog.ts'
export { CATALOG, sampleOf } from './categories.ts'
export { itemsOf } from './dedupe.ts'
export type { CatalogEntry } from './entry.ts'
