import { setting } from './config-setting.ts'
import { networks } from './config-values.ts'

/** Settings of what goes out to other programs. */
export const CONNECT_SETTINGS = {
  outgoingNetworks: setting<string | undefined>({
    env: 'TINTYPE_OUTGOING_NETWORKS',
    default: undefined,
    parse: networks,
    description:
      'Networks besides the public internet that webhooks may go to, comma separated (10.0.0.0/8). Default: none, so ' +
      'that nobody reaches what only this machine reaches.',
  }),
}
