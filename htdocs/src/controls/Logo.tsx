/** The lamp. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden="true">
      <path d="M6.500 18 10.200 6.500h11.600L25.500 18z" fill="#eba64b" />
      <path d="M3 28 9 19h14l6 9z" fill="#eba64b" opacity=".16" />
      <path d="M15 18h2v7h-2z" fill="currentColor" opacity=".75" />
      <rect x="10" y="25" width="12" height="2.500" rx="1.250" fill="currentColor" opacity=".75" />
    </svg>
  );
}
