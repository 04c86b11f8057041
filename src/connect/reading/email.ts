import type { AddressObject, ParsedMail } from 'mailparser'
import { type Static, Type } from 'typebox'
import { textOfHtml } from './html-text.ts'
import { findPattern, PatternFault, patternFault } from './patterns.ts'

const MAX_FIELDS = 50

const Part = () =>
  Type.Optional(Type.Enum(['text', 'subject'], { description: 'Where it stands. Without it: in the text.' }))
const Name = () =>
  Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_]{0,49}$', description: 'What a mapping calls it: `fields.amount`.' })

/** How mail becomes an item: which is meant, and what stands where in it. */
export const EmailReading = Type.Object(
  {
    senders: Type.Optional(
      Type.Array(Type.String({ minLength: 3, maxLength: 320 }), {
        maxItems: 50,
        description:
          'Whose mail is meant: addresses, or `@17hats.com` for a domain. What stands in a mail can be forged.',
      }),
    ),
    subject: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'What stands in the subject of each.' }),
    ),
    fields: Type.Array(
      Type.Union([
        Type.Object(
          {
            name: Name(),
            label: Type.String({
              minLength: 1,
              maxLength: 100,
              description: 'What stands before the value, in its line or in the one above it: `Amount`.',
            }),
            required: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
        Type.Object(
          {
            name: Name(),
            pattern: Type.String({
              minLength: 1,
              maxLength: 500,
              description: 'A regular expression; what its first group fits, else the whole. Case makes no difference.',
              examples: ['invoice #(\\S+)'],
            }),
            in: Part(),
            required: Type.Optional(Type.Boolean()),
          },
          { additionalProperties: false },
        ),
      ]),
      { maxItems: MAX_FIELDS },
    ),
  },
  { additionalProperties: false },
)
export type EmailReading = Static<typeof EmailReading>
type EmailField = EmailReading['fields'][number]

/** What a mapping finds. */
export interface EmailItem {
  /** Its Message-ID; of a mail without one, nothing. */
  id: string | null
  from: { address: string; name: string }
  to: string[]
  subject: string
  /** ISO 8601; of a mail without a date, nothing. */
  date: string | null
  text: string
  fields: Record<string, string>
}

export type EmailResult =
  | { outcome: 'item'; item: EmailItem }
  | { outcome: 'skipped'; reason: string }
  | { outcome: 'failed'; problems: { at: string; message: string }[] }

const TEXT_CHARACTERS = 100_000
const HTML_CHARACTERS = 500_000
const VALUE_CHARACTERS = 5000

/** What is wrong with the rules; empty: nothing. */
export function emailFaults({ fields }: EmailReading): { at: string; message: string }[] {
  return fields.flatMap((field, at) => {
    const fault = 'pattern' in field ? patternFault(field.pattern) : null
    const isTwice = fields.findIndex(({ name }) => name === field.name) !== at
    return [
      ...(fault === null ? [] : [{ at: `fields[${at}].pattern`, message: fault }]),
      ...(isTwice ? [{ at: `fields[${at}].name`, message: `${field.name} stands there twice` }] : []),
    ]
  })
}

/** A message of RFC 5322, byte by byte as it came, by the rules. */
export async function readEmail(raw: Buffer, reading: EmailReading): Promise<EmailResult> {
  // Loaded with the first mail: few installations take any.
  const { simpleParser } = await import('mailparser')
  const mail = await simpleParser(raw, {
    skipImageLinks: true,
    skipTextToHtml: true,
    skipTextLinks: true,
    skipHtmlToText: true,
  })
  const item = toItem(mail)
  const reason = whyNotMeant(item, reading)
  if (reason !== null) return { outcome: 'skipped', reason }
  const problems = reading.fields.flatMap((field) => {
    const message = readField(field, item)
    return message === null ? [] : [{ at: field.name, message }]
  })
  return problems.length > 0 ? { outcome: 'failed', problems } : { outcome: 'item', item }
}

function toItem({ messageId, from, to, subject = '', date, text = '', html, headers }: ParsedMail): EmailItem {
  const [sender] = from?.value ?? []
  const body = text.trim() === '' && html ? textOfHtml(html.slice(0, HTML_CHARACTERS)) : text
  return {
    id: messageId ?? null,
    from: { address: (sender?.address ?? '').toLowerCase(), name: sender?.name ?? '' },
    to: addressesOf(to),
    subject,
    // The library takes now for a date that it cannot read.
    date: headers.has('date') && date !== undefined && !Number.isNaN(date.getTime()) ? date.toISOString() : null,
    text: body.slice(0, TEXT_CHARACTERS).toWellFormed().replaceAll('\r\n', '\n').replaceAll('\u00a0', ' '),
    fields: {},
  }
}

const addressesOf = (to: AddressObject | AddressObject[] | undefined): string[] =>
  [to ?? []]
    .flat()
    .flatMap(({ value }) => value)
    .flatMap(({ address }) => (address === undefined ? [] : [address.toLowerCase()]))

/** Null: it is meant. */
function whyNotMeant(
  { from: { address }, subject }: EmailItem,
  { senders = [], subject: wanted }: EmailReading,
): string | null {
  const isFrom = (sender: string) =>
    sender.startsWith('@') ? address.endsWith(sender.toLowerCase()) : address === sender.toLowerCase()
  if (senders.length > 0 && !senders.some(isFrom)) return `mail from ${address || 'nobody'} is not meant`
  if (wanted !== undefined && !subject.toLowerCase().includes(wanted.toLowerCase()))
    return `its subject does not hold “${wanted}”`
  return null
}

/** Null: it was found, or may be missing. */
function readField(field: EmailField, item: EmailItem): string | null {
  try {
    const found =
      'label' in field
        ? findLabelled(field.label, item.text)
        : findPattern(field.pattern, field.in === 'subject' ? item.subject : item.text)
    const value = (found ?? '').trim().slice(0, VALUE_CHARACTERS).toWellFormed()
    if (value !== '') item.fields[field.name] = value
    return value === '' && field.required ? 'is required, and does not stand in the mail' : null
  } catch (error) {
    if (error instanceof PatternFault) return error.message
    throw error
  }
}

const folded = (text: string) => text.trim().toLowerCase()

/** `Amount: $5`, `Amount $5` in a table, `*Amount:*`, or `Amount` with the value in the next line that is not empty. */
function findLabelled(label: string, text: string): string | null {
  const wanted = folded(label).replace(/:$/, '')
  const lines = text.split('\n').map((line) =>
    line
      .replace(/^[\s>*•|-]+/, '')
      .replace(/\*/g, '')
      .trim(),
  )
  for (const [at, line] of lines.entries()) {
    if (!folded(line).startsWith(wanted)) continue
    const rest = line.slice(wanted.length)
    if (rest === '' || /^\s*:\s*$/.test(rest)) {
      const next = lines.slice(at + 1).find((one) => one !== '')
      if (next !== undefined) return next
    } else if (/^\s*:|^\s{2,}|^\t|^\s*\|/.test(rest)) return rest.replace(/^[\s:|]+/, '')
    else if (/^ [\d$€£¥(+-]/.test(rest)) return rest.trim()
  }
  return null
}
