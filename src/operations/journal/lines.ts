/** Versions under which HubSpot has served the same operations (wire/hubspot.md, "Endpoints"). */
const VERSIONS = ['2026-03', '2026-09', '2025-09', 'v4', 'v3'] as const

/** Where a family of operations is: by version, the one of the documents first. */
const FAMILIES = {
  journal: [
    (version: string) => `/webhooks-journal/journal/${version}`,
    (version: string) => `/webhooks/${version}/journal`,
  ],
  'journal-local': [
    (version: string) => `/webhooks-journal/journal-local/${version}`,
    (version: string) => `/webhooks/${version}/journal-local`,
  ],
  subscriptions: [
    (version: string) => `/webhooks-journal/subscriptions/${version}`,
    (version: string) => `/webhooks/${version}/subscriptions`,
  ],
  snapshots: [
    (version: string) => `/webhooks-journal/snapshots/${version}/crm`,
    (version: string) => `/webhooks/${version}/snapshots/crm`,
  ],
} as const

/** The lines of an operation: the first is its own, the others lead to it as well. */
export function linesOf(family: keyof typeof FAMILIES, method: string, path = ''): { http: string; alsoAt: string[] } {
  const [http, ...alsoAt] = FAMILIES[family].flatMap((at) =>
    VERSIONS.map((version) => `${method} ${at(version)}${path}`),
  )
  return { http: http as string, alsoAt }
}
