/** How a version stands in a list to choose from. */
export function versionName(
  { version, name }: { version: number; name?: string | undefined },
  newest?: number,
): string {
  const named = name ? ` · ${name}` : ''
  return `Version ${version}${named}${version === newest ? ' (newest)' : ''}`
}
