import { Type } from 'typebox'
import { AppError } from '../../errors.ts'
import { contacts } from '../../resources/records/contacts.ts'
import { CALL_TYPES, CHANNELS } from '../../resources/records/message-types.ts'
import { messages } from '../../resources/records/messages.ts'
import { getRecord } from '../../store/records/index.ts'
import { operation } from '../define.ts'
import { dateOf, happened, InboundInput, placeOf, Told, toDocument, toTold } from './inbound-documents.ts'
import { refuseEmpty, refuseNowhere } from './messages-send.ts'
import { checkRecording, storeRecording } from './recordings.ts'
import { appendMessage } from './threads.ts'
import { storeTranscription } from './transcriptions.ts'

const common = {
  category: 'Conversations & Messages',
  token: 'location',
  access: 'write',
  scope: messages.scopes.write,
} as const

/** Messages that came or went elsewhere and are told of here. */
export const inboundOperations = [
  operation({
    ...common,
    name: 'messages.inbound',
    title: 'Add Inbound Message',
    description:
      'Stores what a contact wrote or said, and counts it as unread. A call may bring its recording (as a form) ' +
      'and its transcription.',
    http: 'POST /conversations/messages/inbound',
    upload: { property: 'recording', limit: 'recordingBytes' },
    input: InboundInput,
    output: Told,
    async run(ctx, input) {
      const isCall = CALL_TYPES.includes(CHANNELS[input.type].messageType)
      if (!isCall) refuseEmpty(input)
      const { recording, transcription } = input
      if (!isCall && (recording ?? transcription) !== undefined)
        throw new AppError('bad_request', { reason: 'Only a call has a recording or a transcription.' })
      if (recording !== undefined) checkRecording(recording)
      const stored = await appendMessage(
        ctx,
        await toDocument(ctx, input, await placeOf(ctx, input)),
        dateOf(input.date),
      )
      if (recording !== undefined) await storeRecording(ctx, stored, recording)
      if (transcription !== undefined) await storeTranscription(ctx, stored, transcription)
      return toTold(stored)
    },
  }),
  operation({
    ...common,
    name: 'messages.outboundCall',
    title: 'Add Outbound Call',
    description:
      'Stores a call that was made elsewhere. A contact without a phone is refused, unless the call says which ' +
      'number it went to.',
    http: 'POST /conversations/messages/outbound',
    input: Type.Object({ type: Type.Enum(['Call']), ...happened }, { additionalProperties: false }),
    output: Told,
    async run(ctx, input) {
      const place = await placeOf(ctx, input)
      const { document: contact } = await getRecord(ctx.db, contacts, ctx.locationId, place.document.contactId)
      refuseNowhere(contact, input.type, input.call?.to)
      return toTold(
        await appendMessage(ctx, await toDocument(ctx, { ...input, direction: 'outbound' }, place), dateOf(input.date)),
      )
    },
  }),
]
