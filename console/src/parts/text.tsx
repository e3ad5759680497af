// Text that somebody else wrote: only ever text, in its own direction, with hidden characters shown.
import { textParts } from '../format.ts';

export function ForeignText({ text }: { text: string }) {
  return (
    <bdi class="foreign">
      {textParts(text).map((part, index) =>
        part.isControl ? (
          <span
            key={index}
            class="control-character"
            title="A character that would be invisible or change the order of others"
          >
            {part.text}
          </span>
        ) : (
          part.text
        ),
      )}
    </bdi>
  );
}
