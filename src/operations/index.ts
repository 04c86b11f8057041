import { operations as access, securityEventsOperation } from './access/index.ts'
import { operations as blogs } from './blogs/index.ts'
import { operations as calendars } from './calendars/index.ts'
import { catalogOperation } from './catalogue/index.ts'
import { operations as configuration } from './configuration/index.ts'
import { operations as connections, createWriters } from './connections/index.ts'
import { operations as contacts } from './contacts/index.ts'
import { operations as conversations } from './conversations/index.ts'
import { operations as crm } from './crm/index.ts'
import { operations as files } from './files/index.ts'
import { operations as fleet } from './fleet/index.ts'
import { operations as journal } from './journal/index.ts'
import { operations as locations } from './locations/index.ts'
import { operations as objects } from './objects/index.ts'
import { operations as opportunities } from './opportunities/index.ts'
import { operations as people } from './people/index.ts'
import { createRegistry } from './registry.ts'
import { operations as snapshots } from './snapshots/index.ts'
import { operations as submissions } from './submissions/index.ts'
import { operations as synchronisation } from './synchronisation/index.ts'
import { operations as webhooks } from './webhooks/index.ts'

const operations = [
  ...snapshots,
  ...fleet,
  ...locations,
  ...configuration,
  ...contacts,
  ...objects,
  ...opportunities,
  ...people,
  ...blogs,
  ...conversations,
  ...files,
  ...calendars,
  ...crm,
  ...submissions,
  ...synchronisation,
  ...journal,
  ...webhooks,
  ...connections,
  ...access,
]

export { createWriters }

const told = [...operations, catalogOperation(operations)]

/** Everything a caller can ask for. */
export const registry = createRegistry([...told, securityEventsOperation(told)])
