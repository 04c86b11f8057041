import { Type } from 'typebox'
import { asset } from '../store/assets/index.ts'
import { Choice, Count, Free, Line, List, Markup, Name, Optional, PartId, Ref, Shape, Text, Url } from './shapes.ts'

/** One block of a page. Embed codes in `html` carry ids of forms, calendars and links as text. */
const Section = () =>
  Shape({
    id: Optional(PartId()),
    type: Choice(
      'headline',
      'text',
      'image',
      'video',
      'button',
      'form',
      'survey',
      'calendar',
      'html',
      'columns',
      'footer',
    ),
    name: Optional(Line()),
    text: Optional(Text()),
    html: Optional(Markup()),
    url: Optional(Url()),
    imageUrl: Optional(Url()),
    formId: Optional(Ref()),
    surveyId: Optional(Ref()),
    calendarId: Optional(Ref()),
    workflowId: Optional(Ref('Workflow that a click starts.')),
    triggerLinkId: Optional(Ref('Where a button leads.')),
    goToStepId: Optional(PartId()),
    styles: Optional(Free()),
  })

const Page = () =>
  Shape({
    id: Optional(PartId()),
    name: Name(),
    stepId: Optional(PartId()),
    url: Optional(Url()),
    title: Optional(Line()),
    description: Optional(Line(2000)),
    trackingCodeHead: Optional(Text()),
    trackingCodeBody: Optional(Text()),
    sections: Optional(List(Section(), 300)),
  })

const Step = () =>
  Shape({
    id: Optional(PartId()),
    name: Name(),
    type: Optional(Line(100)),
    url: Optional(Url()),
    sequence: Optional(Count()),
    /** Ids of the step's pages, as on the wire. */
    pages: Optional(List(PartId())),
  })

/**
 * HighLevel only lists funnels (wire/highlevel/funnels.json: getFunnels, getPagesByFunnelId): steps have UUIDs, pages
 * 20 characters. What is on a page is modelled after its page builder.
 */
export const funnels = asset({
  kind: 'funnels',
  label: 'Funnel',
  noun: 'funnel',
  scopes: { read: 'funnels/funnel.readonly', write: 'funnels/funnel.write' },
  schema: Type.Object({
    name: Name(),
    type: Optional(Choice('funnel', 'website')),
    category: Optional(Line(100)),
    url: Optional(Url()),
    faviconUrl: Optional(Url()),
    trackingCodeHead: Optional(Text()),
    trackingCodeBody: Optional(Text()),
    steps: Optional(List(Step(), 200)),
    pages: Optional(List(Page(), 500)),
  }),
  refs: {
    'pages[].sections[].formId': 'forms',
    'pages[].sections[].surveyId': 'surveys',
    'pages[].sections[].calendarId': 'calendars',
    'pages[].sections[].workflowId': 'workflows',
    'pages[].sections[].triggerLinkId': 'trigger_links',
  },
  parts: { steps: 'uuid', pages: 'id20', 'pages[].sections': 'id20' },
  partRefs: { 'steps[].pages[]': 'funnels', 'pages[].stepId': 'funnels', 'pages[].sections[].goToStepId': 'funnels' },
  positions: { steps: 'sequence' },
  steps: { list: 'steps', pointers: ['pages[].sections[].goToStepId'], next: [] },
  examples: [
    {
      name: 'Open day',
      type: 'funnel',
      url: '/open-day',
      steps: [
        {
          id: 'invite',
          name: 'Invitation',
          type: 'optin_funnel_page',
          url: '/open-day',
          sequence: 1,
          pages: ['invitation'],
        },
        { id: 'thanks', name: 'Thank you', type: 'thank_you_page', url: '/thanks', sequence: 2, pages: ['thank-you'] },
      ],
      pages: [
        {
          id: 'invitation',
          name: 'Invitation',
          stepId: 'invite',
          sections: [
            { type: 'headline', text: 'Come and see us' },
            { type: 'button', text: 'I am coming', goToStepId: 'thanks' },
          ],
        },
        { id: 'thank-you', name: 'Thank you', stepId: 'thanks', sections: [{ type: 'text', text: 'See you there.' }] },
      ],
    },
  ],
})
