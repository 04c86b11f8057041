import type { RecordDocument } from '../../store/records/index.ts'
import { BAG, declare, type Property } from '../property.ts'
import { PRIORITY } from './choices.ts'

const { text, long, number, moment, flag, choice, owner, always } = declare('dealinformation', BAG)

/** What the status of an opportunity says. Nobody writes it: a deal comes to a stage that means `status`, or leaves it. */
const closed = (name: string, label: string, is: readonly string[], status?: string): Property =>
  flag(name, label, {
    readOnly: true,
    place: {
      in: 'rule',
      fields: ['status'],
      rule: {
        expression: `case when doc ? 'status' then (doc->>'status' in (${is.map((one) => `'${one}'`)}))::text end`,
        read: ({ status: now }: RecordDocument) => (now === undefined ? null : String(is.includes(now as string))),
        ...(status === undefined
          ? {}
          : {
              write: ({ status: now }: RecordDocument, text: string | null) => ({
                status: text === 'true' ? status : is.includes(now as string) ? 'open' : now,
              }),
            }),
      },
    },
  })

export const dealProperties = [
  ...always(),
  text('dealname', 'Deal Name', { field: 'name' }),
  number('amount', 'Amount', { field: 'monetaryValue', form: 'number' }),
  choice('pipeline', 'Pipeline', { field: 'pipelineId', open: true }),
  choice('dealstage', 'Deal Stage', { field: 'pipelineStageId', open: true, fieldType: 'radio' }),
  moment('closedate', 'Close Date'),
  choice('dealtype', 'Deal Type', {
    options: [
      { value: 'newbusiness', label: 'New Business' },
      { value: 'existingbusiness', label: 'Existing Business' },
    ],
    fieldType: 'radio',
  }),
  long('description', 'Deal Description'),
  choice('hs_priority', 'Priority', { options: PRIORITY }),
  owner('assignedTo'),
  closed('hs_is_closed', 'Is Deal Closed?', ['won', 'lost', 'abandoned']),
  closed('hs_is_closed_won', 'Is Closed Won', ['won'], 'won'),
  closed('hs_is_closed_lost', 'Is Closed Lost', ['lost', 'abandoned'], 'lost'),
  text('deal_currency_code', 'Currency'),
  long('closed_lost_reason', 'Closed Lost Reason'),
  long('closed_won_reason', 'Closed Won Reason'),
  text('hs_next_step', 'Next step'),
  number('hs_forecast_amount', 'Forecast amount'),
  number('hs_deal_stage_probability', 'Deal probability'),
  moment('notes_last_contacted', 'Last Contacted'),
  moment('notes_last_updated', 'Last Activity Date'),
]
