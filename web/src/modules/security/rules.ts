import { words } from './strings';

export interface Rule {
  title: string;
  met: boolean;
}

const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/];

/** The platform's rules for a password, judged while it is typed; the server judges again. */
export function judge(name: string, old: string, fresh: string): Rule[] {
  const used = classes.filter((one) => one.test(fresh)).length;
  const lower = fresh.toLowerCase();
  return [
    { title: words.rules.length, met: fresh.length >= 8 },
    { title: words.rules.classes, met: used >= 3 },
    { title: words.rules.name, met: fresh !== '' && !(name && lower.includes(name.toLowerCase())) },
    { title: words.rules.same, met: fresh !== '' && fresh !== old },
  ];
}
