import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { feedtape, type Run } from './feedtape.ts'
import { rawVenue } from './raw-venue.ts'
import { folder, NQ, ofKind, readEntries, venueForTest } from './scene.ts'
import { HELLO, quote } from './venue.ts'

test.each([
  [['nasdaq', '--symbol', NQ], /no such feed to record[\s\S]*tradingview-socket[\s\S]*nasdaq/],
  [['tradingview-socket'], /nothing to subscribe to[\s\S]*--symbol CME_MINI:NQ1!/],
  [['tradingview-socket', '--symbol', NQ, '--for', '10'], /--for: this is no duration[\s\S]*90s, 10m, 1h30m/],
  [['tradingview-socket', '--symbol', NQ, '--for', '0s'], /--for: this is no duration/],
  [['tradingview-socket', '--symbol', NQ, '--frames', '0'], /--frames: this is no count/],
  [['tradingview-socket', '--symbol', NQ, '--frames', '1.5'], /--frames: this is no count/],
  [['tradingview-socket', '--symbol', NQ, '--url', 'https://x/'], /--url: this is no address[\s\S]*wss/],
  [['tradingview-socket', '--symbol', NQ, '-o', ''], /-o: the tape has no name[\s\S]*NAME\.tape\.jsonl/],
  [['tradingview-socket', '--symbol', NQ, '-o', '-'], /-o: stdout has the answer[\s\S]*mkfifo NAME/],
  [['tradingview-socket', '--symbol', NQ, '-o', '/dev/stdout', '--overwrite'], /-o: stdout has the answer/],
  [[], /nothing to record[\s\S]*--config FILE/],
])('%j is wrong usage: exit 2, and nothing is written', async (args, explained) => {
  const run = await feedtape(args)
  expect(await run.exit).toBe(2)
  expect(run.output.stderr).toMatch(explained)
  expect(run.output.stdout).toBe('')
  expect(await readdir(run.cwd)).toEqual([])
})

test.each([
  ['--token=synthetic-0-secret'],
  ['--token', 'synthetic-0-secret'],
  ['--sessionid', 'synthetic-0-secret'],
])('a credential given as an argument (%s) is refused without being repeated', async (...args) => {
  const run = await feedtape(['tradingview-socket', '--symbol', NQ, ...args])
  expect(await run.exit).toBe(2)
  expect(run.output.stderr).toContain('FEEDTAPE_TRADINGVIEW_TOKEN')
  expect(run.output.stderr + run.output.stdout).not.toContain('synthetic-0-secret')
})

test('a file that is there is not overwritten: exit 4, and it is as it was', async () => {
  const venue = await venueForTest()
  const tape = join(await folder(), 'mine.tape.jsonl')
  await writeFile(tape, 'mine')
  const args = ['tradingview-socket', '--symbol', NQ, '--url', venue.url, '-o', tape]
  const refused = await feedtape(args)
  expect(await refused.exit).toBe(4)
  expect(refused.output.stderr).toMatch(/is there already[\s\S]*--overwrite/)
  expect(await readFile(tape, 'utf8')).toBe('mine')
  expect(venue.upgrades).toHaveLength(0)
  const told = await feedtape([...args, '--overwrite', '--frames', '1'])
  ;(await venue.client()).says(HELLO)
  expect(await told.exit).toBe(0)
  expect(ofKind(await readEntries(tape), 'open')).toHaveLength(1)
})

test('a refusal at the door is exit 4; the tape with it is sealed', async () => {
  const venue = await venueForTest()
  const run = await feedtape(['tradingview-socket', '--symbol', NQ, '--url', venue.url, '-o', 'a.jsonl'])
  ;(await venue.client()).says(HELLO, '{"m":"protocol_error","p":["bad auth token"]}')
  expect(await run.exit).toBe(4)
  expect(run.output.stderr).toMatch(/does not take our token[\s\S]*next {6}copy a fresh sessionid/)
  expect((await readEntries(join(run.cwd, 'a.jsonl'))).length).toBeGreaterThan(5)
})

test('a refusal after quotes came is exit 3', async () => {
  const venue = await venueForTest()
  const run = await feedtape(['tradingview-socket', '--symbol', NQ, '--url', venue.url])
  const client = await venue.client()
  client.says(HELLO)
  client.says(quote(NQ, { lp: 1 }))
  client.says('{"m":"protocol_error","p":["bad auth token"]}')
  expect(await run.exit).toBe(3)
  expect(run.output.stdout).toMatch(
    /^recordings\/tradingview-socket-\d{8}T\d{6}Z\.tape\.jsonl\n3 frames received/,
  )
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends in order: closed with 1000, sealed, exit 0',
  async signal => {
    const venue = await venueForTest()
    const run = await feedtape([
      'tradingview-socket',
      '--symbol',
      NQ,
      '--url',
      venue.url,
      '-o',
      'a.jsonl',
      '--json',
    ])
    const client = await venue.client()
    const closed = once(client.socket, 'close')
    client.says(HELLO)
    client.says(quote(NQ, { lp: 25_650.25, update_mode: 'delayed_streaming_600' }))
    await run.says(/takes us in \(guest\)/)
    run.process.kill(signal)
    expect(await run.exit).toBe(0)
    expect((await closed)[0]).toBe(1000)
    const entries = await readEntries(join(run.cwd, 'a.jsonl'))
    const answer: unknown = JSON.parse(run.output.stdout)
    expect(answer).toMatchObject({
      path: 'a.jsonl',
      ending: 'stopped',
      connections: 1,
      gaps: [],
      standing: 'guest',
      frames: { received: 2, recorded: 2, sent: 5 },
      entries: entries.length,
      sealed: entries.length,
      symbols: [{ name: NQ, last: '25650.25', delaySeconds: 600 }],
    })
    expect(run.output.stderr).toContain(`quotes are 10 m 00 s late (delayed_streaming_600): ${NQ}`)
    expect(run.output.stderr).toContain('stopped after')
    expect(run.output.stderr).not.toContain('\u001b')
  },
)

test('a SIGINT that is no echo of the first leaves at once, with what is written and without a seal: exit 3', async () => {
  const venue = await venueForTest()
  const run = await feedtape(['tradingview-socket', '--symbol', NQ, '--url', venue.url, '-o', 'a.jsonl'])
  const client = await venue.client()
  client.says(HELLO)
  await run.says(/hello/)
  client.socket.pause()
  run.process.kill('SIGINT')
  await run.says(/once more to leave at once/)
  await insist(run)
  expect(await run.exit).toBe(3)
  const tape = await readFile(join(run.cwd, 'a.jsonl'), 'utf8')
  expect(tape).toContain('release_208-91')
  expect(tape).not.toContain('"kind":"seal"')
})

/** What follows within half a second is the same wish: so it is said until it is heard. */
async function insist(run: Run): Promise<void> {
  const over = new AbortController()
  void run.exit.then(() => over.abort())
  while (!over.signal.aborted) {
    run.process.kill('SIGINT')
    await wait(50, undefined, { signal: over.signal }).catch(() => {})
  }
}

test('a second SIGINT at once, as launchers pass it on, is the same wish: sealed, exit 0', async () => {
  const venue = await venueForTest()
  const run = await feedtape(['tradingview-socket', '--symbol', NQ, '--url', venue.url, '-o', 'a.jsonl'])
  ;(await venue.client()).says(HELLO)
  await run.says(/hello/)
  run.process.kill('SIGINT')
  run.process.kill('SIGTERM')
  expect(await run.exit).toBe(0)
  expect(await readEntries(join(run.cwd, 'a.jsonl'))).not.toEqual([])
})

test('a limit of time that falls into a rejection’s body is exit 4; the tape is sealed', async () => {
  const url = await rawVenue(socket => socket.write('HTTP/1.1 403 No\r\nContent-Length: 1000\r\n\r\npartial'))
  const args = ['--symbol', NQ, '--url', url, '--for', '400ms', '-o', 'a.jsonl']
  const run = await feedtape(['tradingview-socket', ...args])
  expect(await run.exit).toBe(4)
  expect(run.output.stderr).toContain('no connection came about')
  const kinds = (await readEntries(join(run.cwd, 'a.jsonl'))).map(entry => entry.kind)
  expect(kinds.filter(kind => kind !== 'mark')).toEqual(['request', 'response', 'fail'])
})

test.each([
  ['--jwt=synthetic-0-secret'],
  ['-tsynthetic-0-secret'],
  ['--for', 'synthetic-0-secret-0123456789'],
  ['--credentials', 'synthetic-0-secret'],
])('what stands in the wrong place (%s) may be a credential, and is not repeated', async (...args) => {
  const run = await feedtape(['tradingview-socket', '--symbol', NQ, ...args])
  expect(await run.exit).toBeGreaterThan(1)
  expect(run.output.stderr).toContain(args[0]?.slice(0, 2))
  expect(run.output.stderr + run.output.stdout).not.toContain('synthetic-0-secret')
})

test.skipIf(process.platform !== 'linux')('a folder that nobody can make is exit 4 at once', async () => {
  const run = await feedtape(['tradingview-socket', '--symbol', NQ, '-o', '/proc/nobody/x/y.jsonl'])
  expect(await run.exit).toBe(4)
  expect(run.output.stderr).toContain('the tape cannot be written')
})

test('names with commas of their own are one symbol, plain ones are split', async () => {
  const venue = await venueForTest()
  const odd = '={"adjustment":"dividends","symbol":"NSE:JUNIPER"}'
  const args = ['--symbol', `A:B, C:D,${odd}`, '--symbol', odd, '--symbol', 'E:F']
  await feedtape(['tradingview-socket', ...args, '--url', venue.url])
  const packet = await (await venue.client()).hears('quote_add_symbols')
  expect(packet).toContain(`${JSON.stringify(['A:B', 'C:D', odd, 'E:F']).slice(1)}}`)
})

test('no byte of a cookie or its token comes out of the process, in any spelling', async () => {
  const venue = await venueForTest()
  const cookie = 'synthetic0session0id'
  const sign = 'v3:synthetic+sign/id='
  const claims = Buffer.from('{"exp":4102444800,"synthetic":true}').toString('base64url')
  const token = `eyJhbGciOiJub25lIn0.${claims}.synthetic-signature`
  venue.page = (_, response) => response.end(`"user":{"auth_token":"${token}"}`)
  const secrets = [cookie, sign, token]
  const spelled = secrets.flatMap(secret => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ])
  const env = { FEEDTAPE_TRADINGVIEW_SESSIONID: cookie, FEEDTAPE_TRADINGVIEW_SESSIONID_SIGN: sign }
  const args = ['--symbol', NQ, '--url', venue.url, '--auth-url', venue.pageUrl, '--frames', '3']
  const run = await feedtape(['tradingview-socket', ...args], env)
  const client = await venue.client()
  expect(await client.hears('set_auth_token')).toContain(token)
  client.says(
    HELLO,
    JSON.stringify({ m: 'qsd', p: ['qs', { n: token, s: 'error', errmsg: 'no_such_symbol' }] }),
  )
  client.socket.send(Buffer.from(spelled.join('|')))
  client.says(JSON.stringify({ m: 'protocol_error', p: ['wrong data', ...spelled] }))
  expect(await run.exit).toBe(0)
  const [tape = ''] = await readdir(join(run.cwd, 'recordings'))
  const bytes = await readFile(join(run.cwd, 'recordings', tape), 'latin1')
  expect(bytes).toContain('set_auth_token')
  const all = [bytes, decodedBase64(bytes), run.output.stdout, run.output.stderr].join('\n')
  for (const secret of spelled) expect(all.includes(secret), secret).toBe(false)
})

function decodedBase64(tape: string): string {
  const payloads = [...tape.matchAll(/"base64":"([^"]*)"/g)]
  return payloads.map(([, base64 = '']) => Buffer.from(base64, 'base64').toString('latin1')).join('\n')
}
