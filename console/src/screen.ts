import type { Icon } from '@tabler/icons-react'
import type { AnyRoute } from '@tanstack/react-router'
import type { Role } from './api/session.ts'

/** What a folder under `screens/` exports from its `index.tsx` as `screen`. Nothing else has to know of it. */
export interface Screen {
  /** The least role that may open it. Others do not see its entry, and its addresses tell them why. */
  role: Role
  /** Its entry in the menu and the palette, if it has one. `order`: the lowest comes first. */
  menu?: { label: string; icon: Icon; to: string; order: number; hint: string }
  /** Its routes under `/app`; each page is loaded when it is opened. */
  routes: (shell: AnyRoute) => AnyRoute[]
}

const found = import.meta.glob<{ screen: Screen }>('./screens/*/index.tsx', { eager: true })

export const SCREENS: readonly Screen[] = Object.values(found)
  .map(({ screen }) => screen)
  .sort((one, other) => (one.menu?.order ?? 99) - (other.menu?.order ?? 99))
