import { Type } from 'typebox'
import type { Asset } from '../../store/assets/index.ts'
import { Noun } from '../schemas.ts'

const text = () => Type.Optional(Type.String())

/** An e-mail template as v3 tells it: highlevel-api-docs, apps/v3/emails-v3.json. */
export const Template = Noun('EmailTemplateSummary', {
  id: Type.String(),
  name: Type.String(),
  editorType: Type.Enum(['html', 'builder', 'text']),
  isPlainText: Type.Boolean(),
  archived: Type.Boolean(),
  deleted: Type.Boolean(),
  parentFolderId: text(),
  fromName: Type.String(),
  fromEmail: Type.String(),
  subject: Type.String(),
  subjectLine: Type.String(),
  previewText: Type.String(),
  previewUrl: Type.String({ description: 'Empty: Tintype serves no pages of templates.' }),
  createdAt: Type.String(),
  updatedAt: Type.String(),
  traceId: Type.String(),
})

type EditorType = 'html' | 'builder' | 'text'

export function toTemplate({ id, name, document, createdAt, updatedAt }: Asset) {
  const { editorType, type, parentId, fromName, fromEmail, subject, previewText } = document as Record<string, string>
  const isPlainText = document.isPlainText === true || editorType === 'text'
  return {
    id,
    name,
    editorType: (editorType ?? (isPlainText ? 'text' : type === 'builder' ? 'builder' : 'html')) as EditorType,
    isPlainText,
    archived: document.archived === true,
    deleted: false,
    ...(parentId === undefined ? {} : { parentFolderId: parentId }),
    fromName: fromName ?? '',
    fromEmail: fromEmail ?? '',
    subject: subject ?? '',
    subjectLine: subject ?? '',
    previewText: previewText ?? '',
    previewUrl: '',
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}

/** What is written as text alone is a plain one. */
export const withEditor = <T extends { editorType?: string; isPlainText?: boolean }>(document: T): T =>
  document.editorType === 'text' ? { isPlainText: true, ...document } : document
