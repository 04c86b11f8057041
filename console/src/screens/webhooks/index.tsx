import { IconWebhook } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { listAddress, webhookAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'client',
  menu: { ...menu, icon: IconWebhook, to: '/app/webhooks', order: 65 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'webhooks',
      validateSearch: listAddress,
      component: lazyRouteComponent(() => import('./list.tsx'), 'Webhooks'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'webhooks/$webhookId',
      validateSearch: webhookAddress,
      component: lazyRouteComponent(() => import('./webhook.tsx'), 'WebhookPage'),
    }),
  ],
}
