import { type TObject, Type } from 'typebox'
import { forms } from '../../resources/forms.ts'
import { formSubmissions, surveySubmissions } from '../../resources/records/submissions.ts'
import { surveys } from '../../resources/surveys.ts'
import type { AssetResource } from '../../store/assets/index.ts'
import type { RecordResource } from '../../store/records/index.ts'
import { type Operation, operation } from '../define.ts'
import { Id, Noun } from '../schemas.ts'
import { listInput, listSubmissions, submissionList } from './lists.ts'
import { submissionInput, submit } from './submit.ts'

interface Of {
  name: string
  category: string
  medium: 'form' | 'survey'
  idField: 'formId' | 'surveyId'
  asset: AssetResource
  record: RecordResource
  title: string
}

function operationsFor({ name, category, medium, idField, asset, record, title }: Of): Operation[] {
  const { read, write } = record.scopes
  const Receipt = Noun(`${title}Receipt`, { id: Type.String(), createdAt: Type.String(), [idField]: Type.String() })
  return [
    operation({
      name: `${name}.listSubmissions`,
      title: `Get ${category} Submissions`,
      description: `The submissions of a location, newest first; of one ${medium} with \`${idField}\`.`,
      category,
      access: 'read',
      token: 'either',
      scope: [read, write],
      http: `GET /${name}/submissions`,
      input: Type.Object({ ...listInput, [idField]: Type.Optional(Id()) }, { additionalProperties: false }),
      output: submissionList(title, { [idField]: Type.String() }),
      async run(ctx, input) {
        const { [idField]: id, ...query } = input as never as Record<string, string>
        return listSubmissions(ctx, record, query as never, [idField, id])
      },
    }),
    operation({
      name: `${name}.submit`,
      title: `Submit ${asset.label}`,
      description:
        `What a visitor answered. No token is needed. The contact with this e-mail, else this phone number, is made ` +
        `or changed, and what \`onSubmit\` of the ${medium} says happens.`,
      category,
      access: 'write',
      token: 'none',
      scope: write,
      http: `POST /${name}/:${idField}/submissions`,
      status: 201,
      input: Type.Object({ [idField]: Id(), ...submissionInput }, { additionalProperties: false }) as TObject,
      output: Type.Object({
        submission: Receipt,
        action: Type.Enum(['message', 'redirect']),
        message: Type.Optional(Type.String()),
        redirectUrl: Type.Optional(Type.String()),
        disqualified: Type.Boolean(),
      }),
      async run(ctx, input) {
        const { [idField]: id, ...sent } = input as never as Record<string, string>
        const place = { asset, record, id: id as string, idField, medium }
        const { row, course, onSubmit } = await submit(ctx, place, sent as never)
        const redirectUrl = course.redirectUrl ?? (onSubmit.action === 'redirect' ? onSubmit.redirectUrl : undefined)
        const message = course.disqualified ? course.message : onSubmit.message
        return {
          submission: { id: row.id, createdAt: row.createdAt.toISOString(), [idField]: id } as never,
          action: redirectUrl === undefined ? ('message' as const) : ('redirect' as const),
          ...(message === undefined ? {} : { message }),
          ...(redirectUrl === undefined ? {} : { redirectUrl }),
          disqualified: course.disqualified === true,
        }
      },
    }),
  ]
}

/** What visitors answered to forms and surveys. */
export const operations = [
  ...operationsFor({
    name: 'forms',
    category: 'Forms',
    medium: 'form',
    idField: 'formId',
    asset: forms as unknown as AssetResource,
    record: formSubmissions as unknown as RecordResource,
    title: 'FormSubmission',
  }),
  ...operationsFor({
    name: 'surveys',
    category: 'Surveys',
    medium: 'survey',
    idField: 'surveyId',
    asset: surveys as unknown as AssetResource,
    record: surveySubmissions as unknown as RecordResource,
    title: 'SurveySubmission',
  }),
]
