import * as agency from './agency.ts'
import * as calendars from './calendars.ts'
import * as configuration from './configuration.ts'
import * as contacts from './contacts.ts'
import * as files from './files.ts'
import * as messages from './messages.ts'
import * as objects from './objects.ts'
import * as preferences from './preferences.ts'
import * as sales from './sales.ts'
import * as schedules from './schedules.ts'
import type { Story } from './story.ts'
import * as tasks from './tasks.ts'
import * as websites from './websites.ts'

/** What each client that can call any documented operation is to go through. */
export const STORIES: readonly (readonly [string, Story])[] = Object.entries({
  contacts,
  messages,
  sales,
  calendars,
  configuration,
  agency,
  files,
  schedules,
  objects,
  preferences,
  tasks,
  websites,
}).flatMap(([area, stories]) =>
  Object.entries<Story>(stories).map(([name, story]) => [`${area}: ${name}`, story] as const),
)
