export function faintTexts(): string[]
export function focused(): { name: string; ring: boolean }
export function layout(): { width: number; small: string[] }
