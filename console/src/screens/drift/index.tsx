import { IconArrowsSplit } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { driftAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'viewer',
  menu: { ...menu, icon: IconArrowsSplit, to: '/app/drift', order: 28 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'drift',
      validateSearch: driftAddress,
      component: lazyRouteComponent(() => import('./drift.tsx'), 'Drift'),
    }),
  ],
}
