import { setting } from './config-setting.ts'
import { integer, networks } from './config-values.ts'

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
  webhookDays: setting({
    env: 'TINTYPE_WEBHOOK_DAYS',
    default: 30,
    // What is tried for the last time is three days old.
    parse: integer(4, 3650),
    description: 'Days that deliveries of webhooks are kept, whatever became of them.',
  }),
}
