/**
 * Types of messages on the HighLevel wire (wire/highlevel/conversations.json: GetMessageResponseDto) and the number
 * that answers carry beside the name.
 */
export const MESSAGE_TYPES = {
  TYPE_CALL: 1,
  TYPE_SMS: 2,
  TYPE_EMAIL: 3,
  TYPE_SMS_REVIEW_REQUEST: 4,
  TYPE_WEBCHAT: 5,
  TYPE_SMS_NO_SHOW_REQUEST: 6,
  TYPE_CAMPAIGN_SMS: 7,
  TYPE_CAMPAIGN_CALL: 8,
  TYPE_CAMPAIGN_EMAIL: 9,
  TYPE_CAMPAIGN_VOICEMAIL: 10,
  TYPE_FACEBOOK: 11,
  TYPE_CAMPAIGN_FACEBOOK: 12,
  TYPE_CAMPAIGN_MANUAL_CALL: 13,
  TYPE_CAMPAIGN_MANUAL_SMS: 14,
  TYPE_GMB: 15,
  TYPE_CAMPAIGN_GMB: 16,
  TYPE_REVIEW: 17,
  TYPE_INSTAGRAM: 18,
  TYPE_WHATSAPP: 19,
  TYPE_CUSTOM_SMS: 20,
  TYPE_CUSTOM_EMAIL: 21,
  TYPE_CUSTOM_PROVIDER_SMS: 22,
  TYPE_CUSTOM_PROVIDER_EMAIL: 23,
  TYPE_IVR_CALL: 24,
  TYPE_ACTIVITY_CONTACT: 25,
  TYPE_ACTIVITY_INVOICE: 26,
  TYPE_ACTIVITY_PAYMENT: 27,
  TYPE_ACTIVITY_OPPORTUNITY: 28,
  TYPE_LIVE_CHAT: 29,
  TYPE_LIVE_CHAT_INFO_MESSAGE: 30,
  TYPE_ACTIVITY_APPOINTMENT: 31,
  TYPE_FACEBOOK_COMMENT: 32,
  TYPE_INSTAGRAM_COMMENT: 33,
  TYPE_CUSTOM_CALL: 34,
  TYPE_INTERNAL_COMMENT: 35,
  TYPE_ACTIVITY_EMPLOYEE_ACTION_LOG: 36,
  TYPE_RCS: 37,
  TYPE_TIKTOK: 38,
  TYPE_TIKTOK_COMMENT: 39,
  TYPE_ACTIVITY_WHATSAPP: 40,
  TYPE_FORM_SUBMISSION: 41,
  TYPE_SMS_REACTION: 42,
} as const

export type MessageType = keyof typeof MESSAGE_TYPES

export const MESSAGE_TYPE_NAMES = Object.keys(MESSAGE_TYPES) as MessageType[]

/** A way in which messages travel, by its name in requests (SendMessageBodyDto, ProcessMessageBodyDto). */
interface Channel {
  messageType: MessageType
  /** Key of the contact's `dndSettings`; null: nobody can opt out of it. */
  dnd: 'SMS' | 'Email' | 'WhatsApp' | 'FB' | 'GMB' | 'Call' | null
  /** Field of the contact without which nothing can arrive; null: it goes by no address that a contact has. */
  to: 'phone' | 'email' | null
  /** HighLevel sends through it (`POST /conversations/messages`). */
  sends: boolean
}

export const CHANNELS = {
  SMS: { messageType: 'TYPE_SMS', dnd: 'SMS', to: 'phone', sends: true },
  RCS: { messageType: 'TYPE_RCS', dnd: 'SMS', to: 'phone', sends: true },
  Email: { messageType: 'TYPE_EMAIL', dnd: 'Email', to: 'email', sends: true },
  WhatsApp: { messageType: 'TYPE_WHATSAPP', dnd: 'WhatsApp', to: 'phone', sends: true },
  GMB: { messageType: 'TYPE_GMB', dnd: 'GMB', to: null, sends: false },
  IG: { messageType: 'TYPE_INSTAGRAM', dnd: 'FB', to: null, sends: true },
  FB: { messageType: 'TYPE_FACEBOOK', dnd: 'FB', to: null, sends: true },
  Custom: { messageType: 'TYPE_CUSTOM_SMS', dnd: 'SMS', to: null, sends: true },
  WebChat: { messageType: 'TYPE_WEBCHAT', dnd: null, to: null, sends: false },
  Live_Chat: { messageType: 'TYPE_LIVE_CHAT', dnd: null, to: null, sends: true },
  Call: { messageType: 'TYPE_CALL', dnd: 'Call', to: 'phone', sends: false },
  IVR_Call: { messageType: 'TYPE_IVR_CALL', dnd: 'Call', to: 'phone', sends: false },
  Campaign_Call: { messageType: 'TYPE_CAMPAIGN_CALL', dnd: 'Call', to: 'phone', sends: false },
  Campaign_VoiceMail: { messageType: 'TYPE_CAMPAIGN_VOICEMAIL', dnd: 'Call', to: 'phone', sends: false },
  TIKTOK: { messageType: 'TYPE_TIKTOK', dnd: null, to: null, sends: true },
  ALL_IN_ONE_CHAT: { messageType: 'TYPE_WEBCHAT', dnd: null, to: null, sends: false },
  FORM_SUBMISSION: { messageType: 'TYPE_FORM_SUBMISSION', dnd: null, to: null, sends: false },
} as const satisfies Record<string, Channel>

export type ChannelName = keyof typeof CHANNELS

export const CHANNEL_NAMES = Object.keys(CHANNELS) as ChannelName[]
export const SENDING_NAMES = CHANNEL_NAMES.filter((name) => CHANNELS[name].sends)

/** Types that can have a recording and a transcription. */
export const CALL_TYPES: readonly string[] = [
  'TYPE_CALL',
  'TYPE_IVR_CALL',
  'TYPE_CAMPAIGN_CALL',
  'TYPE_CAMPAIGN_MANUAL_CALL',
  'TYPE_CAMPAIGN_VOICEMAIL',
  'TYPE_CUSTOM_CALL',
]

type Contact = Record<string, unknown>

/** Why a message may not go to the contact: they do not want to be disturbed that way. Null: it may. */
export function dndOf(contact: Contact, type: ChannelName): string | null {
  const { dnd } = CHANNELS[type]
  if (dnd === null) return null
  const setting = (contact.dndSettings as Record<string, { status?: string } | undefined> | undefined)?.[dnd]?.status
  return contact.dnd === true || setting === 'active' || setting === 'permanent'
    ? `Cannot send message as DND is active for ${dnd}.`
    : null
}
