import { customerOperations } from './customers.ts'
import { invoiceOperations } from './invoices.ts'

export { ownOfInvoice, writeInvoices } from './sets.ts'

/** What other programs keep in step by their own ids (the connection guide). */
export const operations = [...customerOperations, ...invoiceOperations]
