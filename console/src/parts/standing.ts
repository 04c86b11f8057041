import type { Output } from '../api/call.ts'
import { counted } from './push-words.ts'

type Held = Output<'fleet.list'>['locations'][number]['snapshots'][number]

const texts = {
  version: (version: number) => `v${version}`,
  of: (latest: number) => ` of ${latest}`,
  others: (assets: number, version: number) => `, ${counted(assets, 'asset')} of v${version}`,
}

/** In which version a snapshot stands somewhere: `v3`, `v2 of 3` where it is behind, `v3, 2 assets of v2` where mixed. */
export const versionText = ({ version, latest, others }: Pick<Held, 'version' | 'latest' | 'others'>): string =>
  texts.version(version) +
  (version === latest ? '' : texts.of(latest)) +
  others.map((one) => texts.others(one.assets, one.version)).join('')

/** `Studio v3`. */
export const standingText = (held: Held): string => `${held.name} ${versionText(held)}`
