import { IconActivity } from '@tabler/icons-react'
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { journalAddress, listenersAddress, snapshotAddress } from './address.ts'
import { menu } from './menu.ts'

export const screen: Screen = {
  role: 'viewer',
  menu: { ...menu, icon: IconActivity, to: '/app/journal', order: 60 },
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'journal',
      validateSearch: journalAddress,
      component: lazyRouteComponent(() => import('./journal.tsx'), 'Journal'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'journal/listeners',
      validateSearch: listenersAddress,
      component: lazyRouteComponent(() => import('./listeners.tsx'), 'Listeners'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: 'journal/snapshot',
      validateSearch: snapshotAddress,
      component: lazyRouteComponent(() => import('./snapshot.tsx'), 'RecordSnapshots'),
    }),
  ],
}
