// The hub's sign: a speech bubble that is also a desk.

export function Mark() {
  return (
    <svg class="logo" viewBox="0 0 32 32" role="img" aria-label="Touchpoint Hub">
      <rect class="logo-ground" x="1" y="1" width="30" height="30" rx="9" />
      <path class="logo-line" d="M9 11.500h14M9 17h8.500" />
      <circle class="logo-dot" cx="22" cy="21.500" r="2.600" />
    </svg>
  );
}
