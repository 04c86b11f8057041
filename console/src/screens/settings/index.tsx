import { IconSettings } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { accountAddress, aiAddress, appsAddress, logAddress, peopleAddress, tokensAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'client',
  menu: { ...menu, icon: IconSettings, to: '/app/settings', order: 90 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'settings',
      beforeLoad: () => {
        throw redirect({ to: '/app/settings/account' as never, replace: true })
      },
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'settings/account',
      validateSearch: accountAddress,
      component: lazyRouteComponent(() => import('./account.tsx'), 'Account'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'settings/people',
      validateSearch: peopleAddress,
      component: lazyRouteComponent(() => import('./people.tsx'), 'People'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'settings/tokens',
      validateSearch: tokensAddress,
      component: lazyRouteComponent(() => import('./tokens.tsx'), 'Tokens'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'settings/apps',
      validateSearch: appsAddress,
      component: lazyRouteComponent(() => import('./apps.tsx'), 'Apps'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'settings/ai-clients',
      validateSearch: aiAddress,
      component: lazyRouteComponent(() => import('./ai-clients.tsx'), 'AiClients'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'settings/limits',
      component: lazyRouteComponent(() => import('./limits.tsx'), 'Limits'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'settings/log',
      validateSearch: logAddress,
      component: lazyRouteComponent(() => import('./log.tsx'), 'SecurityLog'),
    }),
  ],
}
