import { contactPresets, locationPresets } from './contacts.ts'
import { invoicePresets } from './invoices.ts'
import type { Preset } from './preset.ts'

export type { Preset }

export const PRESETS: readonly Preset[] = [...contactPresets, ...invoicePresets, ...locationPresets]
