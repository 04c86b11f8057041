import { IconGitCompare } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { compareAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'viewer',
  menu: { ...menu, icon: IconGitCompare, to: '/app/compare', order: 30 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'compare',
      validateSearch: compareAddress,
      component: lazyRouteComponent(() => import('./compare.tsx'), 'Compare'),
    }),
  ],
}
