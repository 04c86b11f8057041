/** Versions in which HubSpot's pages of one season or another write the same paths (wire/hubspot.md, "Endpoints"). */
const DATED = ['2025-09', '2026-03', '2026-09'] as const

interface Lines {
  http: string
  alsoAt: string[]
}

/** `/crm/v3/owners/...` and `/crm/owners/2026-03/...`. */
export function lines(method: string, family: string, rest = ''): Lines {
  return {
    http: `${method} /crm/v3/${family}${rest}`,
    alsoAt: DATED.map((version) => `${method} /crm/${family}/${version}${rest}`),
  }
}

const of = (method: string, http: string, others: readonly string[]): Lines => ({
  http: `${method} ${http}`,
  alsoAt: others.map((path) => `${method} ${path}`),
})

/** `/crm/v3/objects/...` as the client writes it, and every other version, before or behind the family. */
export const crmObjectLines = (method: string, rest: string): Lines =>
  of(method, `/crm/v3/objects${rest}`, [
    `/crm/v4/objects${rest}`,
    ...['v3', 'v4', ...DATED].map((version) => `/crm/objects/${version}${rest}`),
  ])

/** `/crm/v4/objects/...` and `/crm/objects/2026-03/...`. */
export const objectLines = (method: string, rest: string): Lines =>
  of(
    method,
    `/crm/v4/objects${rest}`,
    DATED.map((version) => `/crm/objects/${version}${rest}`),
  )

/** `/crm/v4/associations/...`, and, as the specification has it, `/crm/associations/{v4|2026-03}/...`. */
export const associationLines = (method: string, rest: string): Lines => {
  const { http, alsoAt } = undatedAssociationLines(method, rest)
  const dated = datedAssociationLines(method, rest)
  return { http, alsoAt: [...alsoAt, dated.http, ...dated.alsoAt] }
}

/** `/crm/v3/associations/...`: types by their names. */
export const namedAssociationLines = (method: string, rest: string): Lines =>
  of(method, `/crm/v3/associations/:fromObjectType/:toObjectType${rest}`, [])

/** The two halves of these, where their answers differ. */
export const undatedAssociationLines = (method: string, rest: string): Lines =>
  of(method, `/crm/v4/associations${rest}`, [`/crm/associations/v4${rest}`])

export function datedAssociationLines(method: string, rest: string): Lines {
  const [first, ...others] = DATED.map((version) => `/crm/associations/${version}${rest}`)
  return of(method, first as string, others)
}

/** `/crm-object-schemas/v3/schemas`, and `/crm/v3/schemas`, as it was called before. */
export const schemaLines = (method: string, rest = ''): Lines =>
  of(method, `/crm-object-schemas/v3/schemas${rest}`, [
    `/crm/v3/schemas${rest}`,
    ...DATED.map((version) => `/crm-object-schemas/${version}/schemas${rest}`),
  ])
