import type { Client } from '../../support/client.ts'
import type { ToolServer } from '../../support/tool-server.ts'

/** What a story of the tools is told with. */
export interface Cast {
  call: ToolServer['call']
  /** Of one of everything, made before. */
  ids: Record<string, string>
  /** The same location, for what no tool shows. */
  client: Client
  /** The ids of the campaigns and workflows that the contact is in. */
  enrolled(): Promise<string[]>
}

export type Story = (cast: Cast) => Promise<void>
