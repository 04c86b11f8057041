import { conversationOperations } from './conversations.ts'
import { emailStatusOperations } from './email-status.ts'
import { messageReadOperations } from './messages.ts'
import { messageExportOperations } from './messages-export.ts'
import { inboundOperations } from './messages-inbound.ts'
import { sendMessage } from './messages-send.ts'
import { messageStatusOperations } from './messages-status.ts'
import { recordingOperations } from './recordings.ts'
import { sendReviewReply } from './review-reply.ts'
import { subscriptionOperations } from './subscriptions.ts'
import { subtypeOperations } from './subtypes.ts'
import { transcriptionOperations } from './transcriptions.ts'

export { statusOfCall } from './inbound-documents.ts'
export { threadMessages } from './threading.ts'
export { afterMessage, type MessageDocument } from './threads.ts'
export type { ConversationDocument } from './wire.ts'

/** What is written and said between a sub-account and its contacts. */
export const operations = [
  ...conversationOperations,
  ...messageReadOperations,
  ...messageExportOperations,
  sendMessage,
  sendReviewReply,
  ...subtypeOperations,
  ...subscriptionOperations,
  ...inboundOperations,
  ...messageStatusOperations,
  ...emailStatusOperations,
  ...recordingOperations,
  ...transcriptionOperations,
]
