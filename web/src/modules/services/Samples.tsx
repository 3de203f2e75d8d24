import { Segmented } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Schemas } from '@/api/client';
import { useMay } from '@/modules/security/queries';
import { Code } from '@/ui/Copy';
import { Section } from '@/ui/Page';
import { languages, sampleOf, type Language } from './samples';
import { words } from './strings';

export function Samples({ detail }: { detail: Schemas['ServiceDetail'] }) {
  const may = useMay()('services.steer');
  const [language, choose] = useState<Language>('curl');
  const note = (
    <>
      {words.curlNote}
      {may && (
        <>
          {' '}
          {words.noKeyYet}
          <Link to="/services/keys">{words.makeKey}</Link>
        </>
      )}
    </>
  );
  return (
    <Section title={words.curl} note={note}>
      <Segmented className="sample-choice" aria-label={words.language} options={[...languages]} value={language} onChange={choose} />
      <Code text={sampleOf(language, window.location.origin, detail.spec.name, detail.parameters)} label={words.curl} />
    </Section>
  );
}
