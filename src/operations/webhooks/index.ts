import { deliveryOperations } from './deliveries.ts'
import { endpointOperations } from './endpoints.ts'

/** Webhooks out: who is called, and what came of it (docs/decisions/0020). */
export const operations = [...endpointOperations, ...deliveryOperations]
