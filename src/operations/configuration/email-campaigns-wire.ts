import { Type } from 'typebox'
import { emailSchedules } from '../../resources/records/email-schedules.ts'
import {
  allOf,
  type Condition,
  equals,
  isOneOf,
  type RecordDocument,
  type RecordRow,
} from '../../store/records/index.ts'
import { Noun } from '../schemas.ts'

export const CAMPAIGN_STATES = [
  ...['sent', 'failed', 'archived', 'draft', 'processing', 'scheduled', 'cancelled', 'paused'],
] as const

/** Of what whoever delivers says of an e-mail, what counts as not begun and as gone wrong. */
const WAITING = ['not-started', 'waiting', 'queued', 'queueing', 'scheduled']

/** The one word of v3 for a campaign's three: its own state, that of its e-mail, and whether it was put away. */
function stateOf({ status, emailStatus, archived }: RecordDocument): string {
  if (archived) return 'archived'
  if (status === 'pause') return 'paused'
  if (status === 'draft' || status === 'cancelled') return status
  if (emailStatus === 'error') return 'failed'
  if (status === 'complete') return 'sent'
  return WAITING.includes(String(emailStatus)) ? 'scheduled' : 'processing'
}

const UNDER_WAY = ['active', 'retry', 'resend-scheduled']
const is = (states: string[], more: Condition[] = []) =>
  allOf([equals('archived', false), isOneOf('status', states), ...more])

/** The campaigns of which `stateOf` says this. */
export const inState: Record<string, Condition> = {
  archived: equals('archived', true),
  paused: is(['pause']),
  draft: is(['draft']),
  cancelled: is(['cancelled']),
  failed: is([...UNDER_WAY, 'complete'], [equals('emailStatus', 'error')]),
  sent: is(['complete'], [isNot('emailStatus', ['error'])]),
  scheduled: is(UNDER_WAY, [isOneOf('emailStatus', WAITING)]),
  processing: is(UNDER_WAY, [isNot('emailStatus', [...WAITING, 'error'])]),
}

function isNot(field: string, values: string[]): Condition {
  return isOneOf(
    field,
    emailSchedules.schema.properties.emailStatus.enum.filter((one) => !values.includes(one)),
  )
}

export const EmailCampaign = {
  id: Type.String(),
  source: Type.String(),
  sourceId: Type.String(),
  name: Type.String(),
  status: Type.String(),
  campaignType: Type.String(),
  campaignCategory: Type.String(),
  deleted: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
}
export const ListedCampaign = Noun('EmailCampaign', EmailCampaign)
const content = {
  editorType: Type.String(),
  isPlainText: Type.Boolean(),
  editorContentUrl: Type.String({ description: 'Empty: Tintype serves no pages of e-mails.' }),
  fromName: Type.String(),
  fromEmail: Type.String(),
  subject: Type.String(),
  previewText: Type.String(),
}
export const WorkflowCampaign = {
  id: Type.String(),
  name: Type.String(),
  status: Type.Enum(['published', 'draft']),
  source: Type.String(),
  sourceId: Type.String(),
  deleted: Type.Boolean(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
}
export const WorkflowEmail = Noun('WorkflowEmail', {
  id: Type.String(),
  name: Type.String(),
  ...content,
  createdAt: Type.String(),
  updatedAt: Type.String(),
})
export const WholeCampaign = Noun('WholeEmailCampaign', {
  ...EmailCampaign,
  ...content,
  replyToAddress: Type.String(),
  traceId: Type.String(),
})

export function toCampaign({ id, document, createdAt, updatedAt }: RecordRow) {
  return {
    id,
    source: 'email-campaigns',
    sourceId: id,
    name: String(document.name),
    status: stateOf(document),
    campaignType: 'bulk-email',
    campaignCategory: 'email-campaign',
    deleted: false,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

export function toWholeCampaign(row: RecordRow) {
  const text = (name: string) => String(row.document[name] ?? '')
  return {
    ...toCampaign(row),
    editorType: text('editorType') || 'html',
    isPlainText: row.document.isPlainText === true,
    editorContentUrl: '',
    ...{ fromName: text('fromName'), fromEmail: text('fromEmail'), subject: text('subject') },
    ...{ previewText: text('previewText'), replyToAddress: text('replyToAddress') },
  }
}
