import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { WebSocket } from 'ws'
import { frameMessage, framePacket } from '../src/feeds/tradingview-socket/framing.ts'
import { type Canaries, type Evidence, leaksIn, SPELLINGS } from './canary-search.ts'
import { startCanaryVenue } from './canary-venue.ts'
import { type CliResult, runCli } from './cli/run-cli.ts'

/** Synthetic, every one. Those with awkward characters are spelled differently by every encoding. */
const GIVEN = {
  sessionid: 'canary0session7id3kq8wz2',
  sessionid_sign: 'v3:canary+sign/9Qx4=',
} as const
const claims = Buffer.from('{"exp":4102444800,"user_id":0,"canary":true}').toString('base64url')
const TOKEN = `eyJhbGciOiJub25lIn0.${claims}.canary-c1gn4ture_Zz`

/** What the recorder was never told, in places that the wire has for it. */
const MET = {
  'token of another': `eyJhbGciOiJub25lIn0.${claims}.other-s1gn4ture`,
  'token that is no JWT': 'canary/plain+token~55==',
  'cookie of the venue': 'canary8device2cookie',
  'private channel': 'CanaryChannel_77aa',
  'auth in the URL': 'canary+auth/in=url42',
  'address of the hello': '198.51.100.77',
} as const

/** Base64 is planted whole, as a wire would: what is searched for is the part that the value alone decides. */
const spelled = (value: string): string[] =>
  Object.entries(SPELLINGS).flatMap(([name, write]) => (name.includes('base64') ? [] : [write(value)]))
const whole64 = (value: string): string[] =>
  ['', 'a', 'ab'].flatMap(before => {
    const bytes = Buffer.from(`${before}${value}!`)
    return [bytes.toString('base64'), bytes.toString('base64url')]
  })

describe('the search', () => {
  const value = 'a+b/c "q" \\ é canary~9'

  test.each(Object.keys(SPELLINGS))(
    'finds a leak that was planted %s, and nothing where there is none',
    name => {
      const written = SPELLINGS[name]?.(value) ?? ''
      const line = JSON.stringify({ text: `x${written}y` })
      for (const bytes of [Buffer.from(`x${written}y`), Buffer.from(line), gzipSync(line)]) {
        const leaks = leaksIn([{ name: 'planted', bytes }], { value })
        expect(leaks.map(({ spelling }) => spelling)).toContain(name)
      }
      const clean = Buffer.from(JSON.stringify({ text: 'x9y'.repeat(40) }))
      expect(leaksIn([{ name: 'clean', bytes: clean }], { value })).toEqual([])
    },
  )

  test.each(whole64(value))('finds it in the base64 of more than itself: %s', written => {
    expect(leaksIn([{ name: 'planted', bytes: Buffer.from(written) }], { value })).not.toEqual([])
  })

  test('looks into the bytes of a base64 payload', () => {
    const base64 = Buffer.from(`\u00ff${value}`, 'latin1').toString('base64')
    const bytes = Buffer.from(JSON.stringify({ kind: 'frame', base64 }))
    expect(leaksIn([{ name: 'planted', bytes }], { value: 'canary~9' })).not.toEqual([])
  })
})

describe('a recording by the real program', () => {
  const all = [...Object.values(GIVEN), TOKEN, ...Object.values(MET)]
  const env = {
    FEEDTAPE_TRADINGVIEW_SESSIONID: GIVEN.sessionid,
    FEEDTAPE_TRADINGVIEW_SESSIONID_SIGN: GIVEN.sessionid_sign,
  }
  const canaries: Canaries = { ...GIVEN, token: TOKEN, ...MET }

  test('keeps nothing of what the venue gives away, in any place and encoding', async () => {
    let connections = 0
    const everywhere = all.flatMap(value => [...spelled(value), ...whole64(value)])
    const venue = await startCanaryVenue({
      refusals: [
        `HTTP/1.1 503 ${TOKEN}\r\nX-Echo: ${GIVEN.sessionid}\r\nSet-Cookie: device_t=${MET['cookie of the venue']}; Path=/\r\nContent-Length: ${TOKEN.length}\r\n\r\n${TOKEN}`,
      ],
      headers: [
        `X-Echo: ${GIVEN.sessionid_sign} ${encodeURIComponent(GIVEN.sessionid_sign)}`,
        `X-${GIVEN.sessionid}: a header’s name`.replace('’', ''),
        `Set-Cookie: sessionid=${MET['cookie of the venue']}; Path=/; HttpOnly`,
        `Location: /?auth=${encodeURIComponent(MET['token that is no JWT'])}`,
      ],
      page: response =>
        response.end(
          `"user":{"username":"canary_trader","email":"canary@trader.io","auth_token":"${TOKEN}"}`,
        ),
      talk: socket => (connections++ === 0 ? giveAway(socket, everywhere) : sayGoodbye(socket)),
    })
    const { evidence, result } = await recorded(
      [
        ...['--symbol', 'CME_MINI:NQ1!', '--symbol', `X:${GIVEN.sessionid}`, '--for', '6s'],
        ...['--url', `${venue.url}?auth=${encodeURIComponent(MET['auth in the URL'])}&type=chart`],
        ...['--auth-url', venue.pageUrl, '-o', 'a.tape.jsonl'],
      ],
      env,
    )
    expect(result.stderr).toMatch(/exchanged for a token/)
    const tape = evidence.find(({ name }) => name.endsWith('a.tape.jsonl'))?.bytes.toString() ?? ''
    for (const seen of ['set_auth_token', '"op":"ping"', '"base64"', '"kind":"close"', '"status":503']) {
      expect(tape, seen).toContain(seen)
    }
    expect(leaksIn(evidence, { ...canaries, account: 'canary_trader', mail: 'canary@trader.io' })).toEqual([])
    expect(connections).toBeGreaterThan(1)
  })

  test.each([
    ['a refusal of the page', 403],
    ['a page that sends us elsewhere', 302],
    ['a page that fails', 500],
  ])('and nothing of it at %s', async (_, status) => {
    const venue = await startCanaryVenue({
      page: response =>
        response
          .writeHead(status, {
            location: `/login?token=${TOKEN}`,
            'set-cookie': `sessionid=${GIVEN.sessionid}`,
          })
          .end(`${GIVEN.sessionid} ${TOKEN} ${JSON.stringify(GIVEN)}`),
      talk: socket => socket.close(),
    })
    const args = ['--symbol', 'A:B', '--for', '1s', '--url', venue.url, '--auth-url', venue.pageUrl]
    const { evidence } = await recorded([...args, '-o', 'a.tape.jsonl.gz'], env)
    const packed = evidence.find(({ name }) => name.endsWith('.gz'))
    expect(packed?.bytes.subarray(0, 2).toString('hex')).toBe('1f8b')
    expect(leaksIn(evidence, canaries)).toEqual([])
  })

  test('and nothing where no one answers, or the address is wrong', async () => {
    const venue = await startCanaryVenue({ talk: () => {} })
    await venue.close()
    const token = { FEEDTAPE_TRADINGVIEW_TOKEN: TOKEN }
    for (const url of [`${venue.url}?auth=${TOKEN}`, `wss://${GIVEN.sessionid}@127.0.0.1:1/#${TOKEN}`]) {
      const { evidence } = await recorded(['--symbol', 'A:B', '--for', '1s', '--url', url], token)
      expect(leaksIn(evidence, canaries)).toEqual([])
    }
  })
})

/** All that one connection can say, right and wrong. */
function giveAway(socket: WebSocket, everywhere: readonly string[]): void {
  const token = MET['token of another']
  const plain = MET['token that is no JWT']
  const hello = `{"session_id":"0.1.1_test1","protocol":"json","via":"${MET['address of the hello']}:443"}`
  socket.send(framePacket(hello))
  const packets = [
    JSON.stringify({ m: 'set_auth_token', p: [token] }),
    JSON.stringify({ p: [plain], m: 'set_auth_token' }),
    JSON.stringify({ m: 'x', p: [{ channel: `private_${MET['private channel']}`, auth_token: plain }] }),
    JSON.stringify({ m: 'x', p: [JSON.stringify({ sessionid: GIVEN.sessionid, auth_token: plain })] }),
    JSON.stringify({ m: 'qsd', p: ['qs', { n: 'A:B', s: 'error', errmsg: `bad token ${TOKEN}` }] }),
  ]
  socket.send(frameMessage(packets))
  // Malformed: a wrong length, no framing, cut within and behind the secret, bytes that are no UTF-8.
  socket.send(`~m~3~m~{"m":"set_auth_token","p":["${token}"]}`)
  socket.send(`{"p":["${plain}"],"m":"set_auth_token"}`)
  socket.send(`~m~900~m~{"m":"set_auth_token","p":["${token}`)
  socket.send(Buffer.from(`\u00ff{"m":"set_auth_token","p":["${token}"]}\u00fe`, 'latin1'), { binary: false })
  socket.send(Buffer.from(`\u0000${token}\u0000${GIVEN.sessionid}\u00ff`, 'latin1'))
  socket.ping(GIVEN.sessionid)
  socket.pong(GIVEN.sessionid_sign)
  for (const written of everywhere) {
    socket.send(written)
    socket.send(Buffer.from(`\u00ff${written}`, 'latin1'))
    socket.send(framePacket(JSON.stringify({ m: 'critical_error', p: [written, [written]] })))
  }
  socket.close(4001, `${GIVEN.sessionid} ${GIVEN.sessionid_sign}`)
}

function sayGoodbye(socket: WebSocket): void {
  socket.send(framePacket('{"session_id":"0.1.2_test1","protocol":"json"}'))
  socket.send(framePacket(JSON.stringify({ m: 'protocol_error', p: [`bad auth token ${TOKEN}`] })))
}

/** Runs `record` in a folder of its own; all that it left behind, and what it said. */
async function recorded(args: readonly string[], env: Readonly<Record<string, string>>) {
  const cwd = await temporaryFolder()
  const result = await runCli(['record', 'tradingview-socket', ...args], { cwd, env })
  return { result, evidence: [...(await filesIn(cwd)), ...said(result)] }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-canary-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

async function filesIn(folder: string): Promise<readonly Evidence[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return await Promise.all(files.map(async name => ({ name, bytes: await readFile(name) })))
}

function said({ stdout, stderr }: CliResult): readonly Evidence[] {
  return [
    { name: 'stdout', bytes: Buffer.from(stdout) },
    { name: 'stderr', bytes: Buffer.from(stderr) },
  ]
}
