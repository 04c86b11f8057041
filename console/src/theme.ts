import { type CSSVariablesResolver, createTheme } from '@mantine/core'

/** The blue of an old plate. Shade 7 carries white text at 7:1. */
const plate = [
  '#eef2fb',
  '#dbe3f4',
  '#b5c5e9',
  '#8ca5de',
  '#6a8ad5',
  '#4f73c4',
  '#3d5fae',
  '#2f4a8a',
  '#263c70',
  '#1b2c54',
] as const

export const theme = createTheme({
  colors: { plate },
  primaryColor: 'plate',
  primaryShade: { light: 7, dark: 6 },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300 } },
    Modal: { defaultProps: { centered: true } },
  },
})

/** Quiet texts stand out from their ground by 4.5:1 at least, which those of Mantine do not. */
export const resolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#596069',
    '--mantine-color-placeholder': '#6a717a',
    '--mantine-color-error': '#c02a2a',
    '--mantine-color-anchor': 'var(--mantine-color-plate-7)',
  },
  dark: {
    '--mantine-color-dimmed': '#a6acb3',
    '--mantine-color-placeholder': '#9aa0a6',
    '--mantine-color-error': '#ff8787',
    '--mantine-color-anchor': 'var(--mantine-color-plate-3)',
  },
})
