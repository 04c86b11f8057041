import encode from 'qr'

/** Light modules around it, as readers want them. */
const BORDER = 4

/** A text as a QR code, dark on white in either scheme: not all readers take it the other way round. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const rows = encode(text, 'raw', { border: BORDER })
  const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      width={200}
      height={200}
      shapeRendering="crispEdges"
      style={{ background: '#fff', borderRadius: 8, display: 'block' }}
    >
      <path d={dark.join('')} fill="#000" />
    </svg>
  )
}
