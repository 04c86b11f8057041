import { IconSend } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { listAddress, pushAddress, rollbackAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'viewer',
  menu: { ...menu, icon: IconSend, to: '/app/pushes', order: 25 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'pushes',
      validateSearch: listAddress,
      component: lazyRouteComponent(() => import('./list.tsx'), 'PushList'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'pushes/$pushId',
      validateSearch: pushAddress,
      component: lazyRouteComponent(() => import('./push.tsx'), 'PushPage'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'pushes/$pushId/rollback',
      validateSearch: rollbackAddress,
      component: lazyRouteComponent(() => import('./rollback.tsx'), 'Rollback'),
    }),
  ],
}
