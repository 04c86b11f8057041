import { IconCamera } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { listAddress, snapshotAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'viewer',
  menu: { ...menu, icon: IconCamera, to: '/app/snapshots', order: 20 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'snapshots',
      validateSearch: listAddress,
      component: lazyRouteComponent(() => import('./list.tsx'), 'SnapshotList'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'snapshots/$snapshotId',
      validateSearch: snapshotAddress,
      component: lazyRouteComponent(() => import('./snapshot.tsx'), 'Snapshot'),
    }),
  ],
}
