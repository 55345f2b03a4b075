import type { HeaderList } from '../../tape/entry.ts'

/** For a person, if it looks like what RFC 9110 10.2.3 says; waiting for it is the recorder's. */
export function peaceAskedFor(headers: HeaderList): string {
  const [, value = ''] = headers.find(([name]) => name.toLowerCase() === 'retry-after') ?? []
  if (/^\d{1,9}$/.test(value)) return `, and asks for ${value} s of peace`
  return /^[A-Za-z]{3}, [\w: ]{1,40}$/.test(value) ? `, and asks for peace until ${value}` : ''
}
