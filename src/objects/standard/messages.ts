import type { RecordDocument } from '../../store/records/index.ts'
import { BAG, declare, optionsOf, type Property } from '../property.ts'
import { spelled } from '../spelled.ts'
import { attached, happened } from './engagements.ts'

const { text, long, number, choice, owner, always } = declare('engagementinformation', BAG)

const STANDARD = always()

/** Which way it went. Several words may mean the way out. */
const direction = (name: string, inbound: string, outbound: readonly [string, ...string[]]): Property =>
  choice(name, 'Direction', {
    options: optionsOf([inbound, ...outbound].join(' ')),
    place: spelled(name, ['direction'], {
      shown: { inbound, outbound: outbound[0] },
      means: { [inbound]: 'inbound', ...Object.fromEntries(outbound.map((word) => [word, 'outbound'])) },
    }),
  })

const partOf = (document: RecordDocument, name: string) => (document.call as RecordDocument | undefined)?.[name]

function withPart({ call }: RecordDocument, name: string, value: unknown): RecordDocument {
  const { [name]: _, ...others } = (call ?? {}) as RecordDocument
  return { call: value === undefined ? others : { ...others, [name]: value } }
}

const numberOfCall = (name: string, label: string, part: string): Property =>
  text(name, label, {
    fieldType: 'phonenumber',
    place: {
      in: 'rule',
      fields: ['call'],
      rule: {
        expression: `doc->'call'->>'${part}'`,
        read: (document) => (partOf(document, part) as string | undefined) ?? null,
        write: (document, value) => withPart(document, part, value?.slice(0, 40)),
      },
    },
  })

/** In milliseconds on this wire, in seconds here. */
const duration = number('hs_call_duration', 'Call duration', {
  place: {
    in: 'rule',
    fields: ['call'],
    rule: {
      expression: "round((doc->'call'->>'durationSeconds')::numeric * 1000)::text",
      read(document) {
        const seconds = partOf(document, 'durationSeconds')
        return seconds === undefined ? null : String(Math.round(Number(seconds) * 1000))
      },
      write: (document, value) =>
        withPart(document, 'durationSeconds', value === null ? undefined : Number(value) / 1000),
    },
  },
})

const callStatus = choice('hs_call_status', 'Call status', {
  options: optionsOf(
    'BUSY CALLING_CRM_USER CANCELED COMPLETED CONNECTING FAILED IN_PROGRESS MISSED NO_ANSWER QUEUED RINGING',
  ),
  place: spelled('hs_call_status', ['call', 'status'], {
    shown: {
      pending: 'QUEUED',
      completed: 'COMPLETED',
      answered: 'COMPLETED',
      voicemail: 'COMPLETED',
      busy: 'BUSY',
      'no-answer': 'NO_ANSWER',
      failed: 'FAILED',
      canceled: 'CANCELED',
    },
    means: {
      QUEUED: 'pending',
      CALLING_CRM_USER: 'pending',
      CONNECTING: 'pending',
      RINGING: 'pending',
      IN_PROGRESS: 'answered',
      COMPLETED: 'completed',
      BUSY: 'busy',
      MISSED: 'no-answer',
      NO_ANSWER: 'no-answer',
      FAILED: 'failed',
      CANCELED: 'canceled',
    },
  }),
})

export const callProperties = [
  ...STANDARD,
  text('hs_call_title', 'Call Title'),
  long('hs_call_body', 'Call notes', { field: 'body' }),
  happened,
  direction('hs_call_direction', 'INBOUND', ['OUTBOUND']),
  callStatus,
  duration,
  numberOfCall('hs_call_from_number', 'From number', 'from'),
  numberOfCall('hs_call_to_number', 'To number', 'to'),
  text('hs_call_disposition', 'Call outcome'),
  text('hs_call_recording_url', 'Recording URL'),
  text('hs_call_callee_object_id', 'Callee object ID'),
  text('hs_call_callee_object_type_id', 'Callee object type ID'),
  text('hs_call_callee_object_type', 'Callee object type'),
  text('hs_call_source', 'Call source'),
  text('hs_call_external_id', 'External ID'),
  ...attached,
  owner('userId'),
]

const emailStatus = choice('hs_email_status', 'Send status', {
  options: optionsOf('BOUNCED FAILED SCHEDULED SENDING SENT'),
  place: spelled('hs_email_status', ['status'], {
    shown: {
      undelivered: 'BOUNCED',
      failed: 'FAILED',
      scheduled: 'SCHEDULED',
      pending: 'SENDING',
      queued: 'SENDING',
      ...Object.fromEntries(
        ['sent', 'delivered', 'connected', 'opened', 'read', 'clicked', 'opt_out'].map((status) => [status, 'SENT']),
      ),
    },
    // Nothing is sent for it: the e-mail is somebody else's, who says how it stands.
    means: { BOUNCED: 'undelivered', FAILED: 'failed', SCHEDULED: 'sent', SENDING: 'sent', SENT: 'sent' },
  }),
})

const HEADERS = 'hs_email_headers'
const PEOPLE = ['to', 'cc', 'bcc'] as const

interface Person {
  email?: unknown
}

const addressOf = (person: unknown): string | null => {
  const { email } = (person ?? {}) as Person
  return typeof email === 'string' && email !== '' ? email.slice(0, 320) : null
}

/** Null: no JSON, or none of an object. */
function parseHeaders(text: string): Record<string, unknown> | null {
  try {
    const headers = JSON.parse(text)
    return typeof headers === 'object' && headers !== null && !Array.isArray(headers) ? headers : null
  } catch {
    return null
  }
}

/** Who wrote to whom: `{"from": {"email"}, "to": [{"email"}], "cc": [], "bcc": []}`. */
const emailHeaders = long(HEADERS, 'Email headers', {
  place: {
    in: 'rule',
    fields: [BAG],
    rule: {
      expression: `doc->'${BAG}'->>'${HEADERS}'`,
      read: ({ [BAG]: bag }) => ((bag as RecordDocument | undefined)?.[HEADERS] as string | undefined) ?? null,
      write({ [BAG]: bag }, value) {
        const { [HEADERS]: _, ...others } = (bag ?? {}) as RecordDocument
        const headers = parseHeaders(value ?? '{}') ?? {}
        return {
          [BAG]: value === null ? others : { ...others, [HEADERS]: value },
          from: addressOf(headers.from),
          ...Object.fromEntries(
            PEOPLE.map((name) => [
              name,
              [headers[name] ?? []]
                .flat()
                .flatMap((one) => addressOf(one) ?? [])
                .slice(0, 100),
            ]),
          ),
        }
      },
    },
  },
})

export const emailProperties = [
  ...STANDARD,
  text('hs_email_subject', 'Email subject', { field: 'subject' }),
  long('hs_email_text', 'Email body', { field: 'body' }),
  long('hs_email_html', 'HTML email body', { field: 'html', fieldType: 'html' }),
  happened,
  direction('hs_email_direction', 'INCOMING_EMAIL', ['EMAIL', 'FORWARDED_EMAIL', 'DRAFT_EMAIL']),
  emailStatus,
  emailHeaders,
  text('hs_email_from_email', 'Email sender address', { field: 'from', readOnly: true }),
  text('hs_email_to_email', 'Email to address', { field: 'to', form: 'list', readOnly: true }),
  text('hs_email_cc_email', 'Email cc address', { field: 'cc', form: 'list', readOnly: true }),
  text('hs_email_bcc_email', 'Email bcc address', { field: 'bcc', form: 'list', readOnly: true }),
  ...attached,
  owner('userId'),
]
