// "Copy as": the call as a program, with a UserSig made at that moment.
import { useEffect, useState } from 'preact/hooks';
import { duration } from '../format.ts';
import { post } from '../server.ts';
import { kLanguages, snippet, type Language } from '../snippets.ts';
import { copyText } from './copy.tsx';
import { Failed } from './states.tsx';

interface Props {
  restUrl: string;
  certificate: string;
  command: string;
  sdkappid: number;
  identifier: string;
  body: string;
}

const kSignatureSeconds = 3600;

interface Made {
  language: Language;
  text: string;
  isCopied: boolean;
}

export function SnippetsPanel(props: Props) {
  const [made, setMade] = useState<Made>();
  const [error, setError] = useState<Error>();
  // A snippet of another call would mislead, and its UserSig need not stay on the screen.
  useEffect(() => setMade(undefined), Object.values(props));
  const make = async (language: Language) => {
    const { sdkappid, identifier } = props;
    try {
      const { usersig } = await post('user_sig', { sdkappid, identifier, seconds: kSignatureSeconds });
      const text = snippet(language, { ...props, usersig, random: Math.floor(Math.random() * 2 ** 32) });
      setMade({ language, text, isCopied: await copyText(text) });
      setError(undefined);
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <section class="snippets" aria-label="Copy as">
      <h2>Copy as</h2>
      <p class="buttons">
        {kLanguages.map((language) => (
          <button
            key={language}
            type="button"
            aria-pressed={made?.language === language}
            onClick={() => void make(language)}
          >
            {language}
          </button>
        ))}
      </p>
      {error && <Failed error={error} />}
      {made && (
        <>
          <p role="status">
            {made.isCopied ? 'Copied. ' : 'Select the text and press Ctrl+C. '}
            It holds a UserSig of {props.identifier}, good for {duration(kSignatureSeconds)}: treat it like a password.
            {props.certificate === '' ? '' : ' On another machine, take the certificate file that it names along.'}
          </p>
          <pre class="json" tabIndex={0} aria-label={`The call as ${made.language}`}>
            {made.text}
          </pre>
        </>
      )}
    </section>
  );
}
