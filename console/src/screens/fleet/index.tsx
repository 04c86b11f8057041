import { IconLayoutDashboard } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { fleetAddress } from './address.ts'
import { texts } from './texts.ts'

export const screen: Screen = {
  role: 'viewer',
  menu: { label: texts.title, hint: texts.hint, icon: IconLayoutDashboard, to: '/app', order: 10 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: '/',
      validateSearch: fleetAddress,
      component: lazyRouteComponent(() => import('./fleet.tsx'), 'Fleet'),
    }),
  ],
}
