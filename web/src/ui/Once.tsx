import { Copy } from './Copy';

/** A secret that is shown this once, with a way to take it along. */
export function Once({ text }: { text: string }) {
  return (
    <div className="once">
      <code>{text}</code>
      <Copy text={text} main />
    </div>
  );
}
