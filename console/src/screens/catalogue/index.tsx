import { IconPlug } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { entryAddress, listAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'viewer',
  menu: { ...menu, icon: IconPlug, to: '/app/catalogue', order: 70 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: '/catalogue',
      validateSearch: listAddress,
      component: lazyRouteComponent(() => import('./list.tsx'), 'Catalogue'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/catalogue/$key',
      validateSearch: entryAddress,
      component: lazyRouteComponent(() => import('./entry.tsx'), 'CatalogueEntry'),
    }),
  ],
}
