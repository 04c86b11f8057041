import { IconPlug } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import './arrived.ts'
import { connectionAddress, listAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'client',
  menu: { ...menu, icon: IconPlug, to: '/app/connections', order: 64 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'connections',
      validateSearch: listAddress,
      component: lazyRouteComponent(() => import('./list.tsx'), 'Connections'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'connections/$connectionId',
      validateSearch: connectionAddress,
      component: lazyRouteComponent(() => import('./connection.tsx'), 'ConnectionPage'),
    }),
    // Where other programs send people back to.
    createRoute({
      getParentRoute: () => shell,
      path: 'authorised/$server',
      component: lazyRouteComponent(() => import('./returned.tsx'), 'ReturnPage'),
    }),
  ],
}
