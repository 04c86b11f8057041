export { catalogOperation } from './catalog.ts'
export { sampleOf } from './categories.ts'
