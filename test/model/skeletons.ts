import type { Document } from './document.ts'
import type { Words } from './words.ts'

/** What a document of a kind holds before it refers to anything. */
export function skeleton(kind: string, words: Words): Document {
  const { chance } = words.scene
  const name = words.name()
  const own = <T extends Document>(values: T): Document => (words.has('local') && chance.is(0.5) ? values : {})
  const parts = (make: () => Document): Document[] => Array.from({ length: chance.below(4) }, make)
  switch (kind) {
    case 'custom_fields':
      return {
        name,
        dataType: 'SINGLE_OPTIONS',
        model: 'contact',
        placeholder: words.word(),
        picklistOptions: words.words(),
        position: chance.below(9),
      }
    case 'custom_values':
      return { name, default: words.text(), value: words.text() }
    case 'tags':
      return { name }
    case 'pipelines':
      return {
        name,
        stages: parts(() => named(words, { probability: chance.below(100) })),
        showInFunnel: chance.is(0.5),
      }
    case 'associations':
      return {
        key: name,
        firstObjectLabel: words.word(),
        firstObjectKey: 'contact',
        secondObjectLabel: words.word(),
        secondObjectKey: 'contact',
      }
    case 'trigger_links':
      return { name, redirectTo: words.text() }
    case 'templates':
      return {
        name,
        type: chance.of(['sms', 'email']),
        template: { body: words.text(), attachments: [] },
        urlAttachments: words.words(),
      }
    case 'email_templates':
      return {
        name,
        type: 'html',
        html: words.text(),
        subject: words.word(),
        previewText: words.word(),
        ...own({ updatedBy: words.word() }),
      }
    case 'calendar_groups':
      return { name, description: words.text(), slug: name, isActive: chance.is(0.5) }
    case 'calendar_resources':
      return {
        name,
        resourceType: 'rooms',
        isActive: chance.is(0.5),
        description: words.text(),
        capacity: chance.below(9),
        calendarIds: [],
      }
    case 'calendars':
      return {
        name,
        description: words.text(),
        notes: words.word(),
        eventNotifications: parts(() => notification(words)),
        ...own({ alertEmail: `${words.word()}@x.example` }),
      }
    case 'forms':
      return {
        name: words.telling(name),
        description: words.text(),
        fields: parts(() => field(words)),
        onSubmit: { action: 'message', message: words.text(), ...own({ notifyEmails: words.words() }) },
        theme: { font: words.word(), buttonText: words.word() },
        trackingCode: words.text(),
      }
    case 'surveys':
      return {
        name,
        description: words.text(),
        slides: parts(() => named(words, { fields: parts(() => field(words)) })),
        onSubmit: { action: 'message', message: words.text() },
      }
    case 'funnels':
      return {
        name,
        category: words.word(),
        trackingCodeHead: words.text(),
        steps: parts(() => named(words, { url: `/${words.word()}` })),
        pages: parts(() =>
          named(words, {
            title: words.word(),
            sections: parts(() => named(words, { type: 'html', html: words.text() })),
          }),
        ),
      }
    case 'workflows':
      return {
        name,
        description: words.text(),
        trigger: { type: 'manual', keywords: words.words() },
        steps: parts(() =>
          named(
            words,
            chance.is(0.85)
              ? { type: 'send_sms', body: words.text(), ...own({ assignedTo: words.word() }) }
              : webhook(words),
          ),
        ),
        ...own({ status: chance.of(['draft', 'published']) }),
      }
    default:
      return {
        name,
        description: words.text(),
        events: parts(() => named(words, { type: 'sms', body: words.text(), ...own({ userIds: words.words() }) })),
        ...own({ status: chance.of(['draft', 'published']) }),
      }
  }
}

function named(words: Words, rest: Document): Document {
  return { id: words.part(), name: words.name(), ...rest }
}

/** Ids as names of properties. */
function webhook(words: Words): Document {
  const field = words.has('texts') ? words.asset('custom_fields') : undefined
  return {
    type: 'webhook',
    webhook: {
      method: 'POST',
      url: 'https://x.example',
      body: { plain: words.word(), ...(field && { [field]: words.word() }) },
    },
  }
}

function field(words: Words): Document {
  return { id: words.part(), type: 'text', label: words.name(), placeholder: words.word(), options: words.words() }
}

function notification(words: Words): Document {
  const { chance } = words.scene
  const staff: Document = words.has('local') && chance.is(0.5) ? { selectedUsers: words.words() } : {}
  return {
    id: words.part(),
    receiverType: 'contact',
    channel: 'email',
    notificationType: 'booked',
    subject: words.word(),
    body: words.text(),
    ...staff,
  }
}
