// Standard marks of a conversation: bits as text, mark 0 last.

const kNames = ['star', 'unread', 'folded', 'hidden'];

/** The marks that are set, by name if they have one. */
export function marksOf(bits: string): string[] {
  const marks = [...bits].reverse().flatMap((bit, mark) => (bit === '1' ? [mark] : []));
  return marks.map((mark) => kNames[mark] ?? `mark ${mark}`);
}
