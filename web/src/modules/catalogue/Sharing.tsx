import { Tag } from '@/ui/StateTag';
import { sharingWords } from '@/ui/strings';

const tones = { none: 'red', unconditional: 'blue' } as const;

export function Sharing({ sharing }: { sharing: string }) {
  const tone = sharing === 'none' || sharing === 'unconditional' ? tones[sharing] : 'plain';
  return <Tag tone={tone}>{sharingWords[sharing] ?? sharing}</Tag>;
}
