import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { Screen } from '../../screen.ts'
import { pushAddress } from './address.ts'

export const screen: Screen = {
  role: 'operator',
  routes: (shell) => [
    createRoute({
      getParentRoute: () => shell,
      path: 'push',
      validateSearch: pushAddress,
      component: lazyRouteComponent(() => import('./push.tsx'), 'PushScreen'),
    }),
  ],
}
