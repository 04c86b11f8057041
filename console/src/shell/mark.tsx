/** The mark of the product: a plate with a portrait. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" role="presentation">
      <rect width="32" height="32" rx="7" fill="#2f4a8a" />
      <rect x="7" y="6" width="18" height="20" rx="2" fill="none" stroke="#fff" strokeWidth="2" />
      <circle cx="16" cy="14" r="3.5" fill="#fff" />
      <path d="M9.5 24c1-4 3.6-5.5 6.5-5.5s5.5 1.5 6.500 5.500" fill="#fff" />
    </svg>
  )
}
