import type { DemoAsset } from './asset.ts'

/** Surveys and campaigns of the template location. */
export const OUTREACH: DemoAsset[] = [
  {
    kind: 'surveys',
    ref: 'feedback',
    document: {
      name: 'How was it?',
      slides: [
        {
          id: 'rating',
          name: 'Rating',
          fields: [
            {
              id: 'stars',
              type: 'custom_field',
              label: 'One to five stars',
              customFieldId: '@{custom_fields/rating}',
              required: true,
            },
          ],
          jumps: [{ fieldId: 'stars', operator: 'less_than', value: '4', action: 'go_to_slide', slideId: 'why' }],
        },
        { id: 'why', name: 'What can we do better?', fields: [{ id: 'reason', type: 'text', label: 'Tell us' }] },
      ],
      onSubmit: { action: 'message', message: 'Thank you!', tagIds: ['@{tags/gallery delivered}'] },
    },
    later: {
      onSubmit: {
        action: 'message',
        message: 'Thank you!',
        tagIds: ['@{tags/gallery delivered}'],
        workflowId: '@{workflows/review}',
      },
    },
  },
  {
    kind: 'campaigns',
    ref: 'nurture',
    document: {
      name: 'Not ready yet',
      status: 'published',
      tagIds: ['@{tags/lead}'],
      stopOnReply: true,
      events: [
        { id: 'one', name: 'Prices', type: 'email', emailTemplateId: '@{email_templates/welcome}' },
        {
          id: 'two',
          name: 'A text',
          type: 'sms',
          templateId: '@{templates/hello}',
          delay: { amount: 5, unit: 'days' },
          replyGoToEventId: 'three',
        },
        {
          id: 'three',
          name: 'Proposal',
          type: 'email',
          templateId: '@{templates/proposal}',
          delay: { amount: 2, unit: 'days' },
          tagIds: ['@{tags/vip}'],
        },
      ],
    },
    later: { nextCampaignId: '@{campaigns/anniversary}', workflowId: '@{workflows/follow-up}' },
  },
  {
    kind: 'campaigns',
    ref: 'anniversary',
    document: {
      name: 'A year later',
      status: 'draft',
      tagIds: ['@{tags/client}'],
      events: [
        {
          id: 'year',
          type: 'email',
          emailTemplateId: '@{email_templates/gallery}',
          delay: { amount: 52, unit: 'weeks' },
        },
      ],
    },
  },
]
