import { IconShare } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { sharesAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'viewer',
  menu: { ...menu, icon: IconShare, to: '/app/shares', order: 40 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'shares',
      validateSearch: sharesAddress,
      component: lazyRouteComponent(() => import('./shares.tsx'), 'Shares'),
    }),
  ],
}
