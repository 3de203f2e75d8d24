import type { Schemas } from '@/api/client';

export const languages = ['curl', 'Python', 'JavaScript'] as const;
export type Language = (typeof languages)[number];

/** A key of everyone's own stands where this is. */
const KEY = 'hk_…';

/**
 * A call as an integrator types it, whole and ready to run. By POST, so that what is asked for stays
 * out of addresses and their logs; with nothing but what the language brings along.
 */
export function sampleOf(
  language: Language,
  origin: string,
  name: string,
  parameters: Schemas['Parameter'][],
): string {
  const shown = parameters.filter((one) => one.needed);
  const body = Object.fromEntries(shown.map((one) => [one.name, '…']));
  const url = `${origin}/data/${name}`;
  if (language === 'Python') return python(url, body);
  return language === 'JavaScript' ? javascript(url, body) : curl(url, body);
}

function curl(url: string, body: Record<string, string>): string {
  return [
    `curl -X POST '${url}' \\`,
    `  -H 'Authorization: Bearer ${KEY}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${JSON.stringify(body)}'`,
  ].join('\n');
}

function python(url: string, body: Record<string, string>): string {
  return `import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

request = Request(
    ${JSON.stringify(url)},
    data=json.dumps(${JSON.stringify(body)}).encode(),
    headers={"Authorization": "Bearer ${KEY}", "Content-Type": "application/json"},
)
try:
    with urlopen(request, timeout=30) as answer:
        print(json.dumps(json.load(answer), ensure_ascii=False))
except HTTPError as refused:  # 422 参数有误,429 太频繁,503 稍后再试:原因在答复里
    raise SystemExit(f"{refused.code} {refused.read().decode()}")`;
}

function javascript(url: string, body: Record<string, string>): string {
  return `// Node 18 以上;密钥不要放进网页。
async function main() {
  const answer = await fetch(${JSON.stringify(url)}, {
    method: 'POST',
    headers: { Authorization: 'Bearer ' + ${JSON.stringify(KEY)}, 'Content-Type': 'application/json' },
    body: JSON.stringify(${JSON.stringify(body)}),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(answer.status + ' ' + found.error.message);
  console.log(JSON.stringify(found));
}
main();`;
}
