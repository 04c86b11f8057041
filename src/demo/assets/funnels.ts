import type { DemoAsset } from './asset.ts'

/** Funnels of the template location. */
export const FUNNELS: DemoAsset[] = [
  {
    kind: 'funnels',
    ref: 'landing',
    document: {
      name: 'Wedding season',
      type: 'funnel',
      url: '/wedding-season',
      trackingCodeHead: '<script>window.studio = "@{location}"</script>',
      steps: [
        {
          id: 'optin',
          name: 'Invitation',
          type: 'optin_funnel_page',
          url: '/wedding-season',
          sequence: 1,
          pages: ['invitation'],
        },
        { id: 'book', name: 'Book a talk', type: 'calendar_page', url: '/talk', sequence: 2, pages: ['talk'] },
      ],
      pages: [
        {
          id: 'invitation',
          name: 'Invitation',
          stepId: 'optin',
          title: 'Photographs that last',
          sections: [
            {
              id: 'hero',
              type: 'headline',
              text: 'Photographs that last',
              imageUrl: 'https://northlight.example/hero.jpg',
            },
            { id: 'form', type: 'form', formId: '@{forms/inquiry}' },
            {
              id: 'embed',
              type: 'html',
              html: '<iframe src="https://forms.northlight.example/widget/form/@{forms/inquiry}" data-form-id="@{forms/inquiry}"></iframe><a href="{{trigger_link.@{trigger_links/prices}}}">Prices</a>',
            },
            { id: 'next', type: 'button', text: 'Talk to us', goToStepId: 'book' },
          ],
        },
        {
          id: 'talk',
          name: 'Book a talk',
          stepId: 'book',
          sections: [
            { id: 'calendar', type: 'calendar', calendarId: '@{calendars/consultation}' },
            { id: 'survey', type: 'survey', surveyId: '@{surveys/feedback}' },
            {
              id: 'link',
              type: 'button',
              text: 'Price list',
              triggerLinkId: '@{trigger_links/prices}',
              workflowId: '@{workflows/follow-up}',
            },
          ],
        },
      ],
    },
  },
  {
    kind: 'funnels',
    ref: 'site',
    document: {
      name: 'Studio website',
      type: 'website',
      url: '/',
      steps: [{ id: 'home', name: 'Home', url: '/', sequence: 1, pages: ['home-page'] }],
      pages: [
        {
          id: 'home-page',
          name: 'Home',
          stepId: 'home',
          sections: [
            {
              type: 'image',
              imageUrl: 'https://northlight.example/studio.jpg',
              text: '{{ custom_values.studio_name }}',
            },
            { type: 'calendar', calendarId: '@{calendars/portrait}' },
            { type: 'footer', text: 'Call {{ custom_values.studio_phone }}' },
          ],
        },
      ],
    },
  },
]
