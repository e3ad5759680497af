// Sentences with the rules that they follow from.
import type { Reason } from '../contract.ts';

export function Rule({ rule }: { rule: string }) {
  return rule === '' ? null : (
    <span class="rule" title={`Rule ${rule} of docs/rules.md`}>
      {rule}
    </span>
  );
}

export function Reasons({ reasons }: { reasons: Reason[] }) {
  if (reasons.length === 0) return null;
  return (
    <ul class="reasons">
      {reasons.map((reason, index) => (
        <li key={index}>
          {reason.text} <Rule rule={reason.rule} />
        </li>
      ))}
    </ul>
  );
}
