import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { frameMessage, framePacket } from '../src/feeds/tradingview-socket/framing.ts'
import { leaksIn, SPELLINGS } from './canary-search.ts'
import { runCli } from './cli/run-cli.ts'
import { exchange, har, header, SOCKET_URL, START, socket, temporaryFolder } from './import/hars.ts'

/** Synthetic. No one is told of any of these: their places have to give them away. */
const claims = Buffer.from('{"canary":true}').toString('base64url')
const CANARIES = {
  token: `eyJhbGciOiJub25lIn0.${claims}.canary-c1gn4ture_Zz`,
  'token that is no JWT': 'canary/plain+token~55==',
  sessionid: 'canary0session7id3kq8wz2',
  sessionid_sign: 'v3:canary+sign/9Qx4=',
  'cookie of the venue': 'canary8device2cookie',
  'auth in the URL': 'canary+auth/in=url42',
  'private channel': 'CanaryChannel_77aa',
  'address of the hello': '198.51.100.77',
  mail: 'canary.seven@trader-mail.io',
} as const
const { token, sessionid, sessionid_sign: sign } = CANARIES
const plain = CANARIES['token that is no JWT']

const everywhere = Object.values(CANARIES).flatMap(value => [
  ...Object.entries(SPELLINGS).flatMap(([name, write]) => (name.includes('base64') ? [] : [write(value)])),
  ...['', 'a', 'ab'].map(before => Buffer.from(`${before}${value}!`).toString('base64')),
])

const packets = [
  JSON.stringify({ p: [plain], m: 'set_auth_token' }),
  JSON.stringify({ m: 'x', p: [{ channel: `private_${CANARIES['private channel']}`, auth_token: plain }] }),
  JSON.stringify({
    session_id: '0.1.1_test1',
    protocol: 'json',
    via: `${CANARIES['address of the hello']}:443`,
  }),
]
const message = (data: string, type = 'receive', opcode = 1) => ({ time: START + 1, type, opcode, data })
const bytes = (text: string): string => Buffer.from(text, 'latin1').toString('base64')

const CAPTURE = har([
  exchange(
    {
      method: 'POST',
      url: `https://www.tradingview.com/chart/?sessionid=${sessionid}`,
      headers: [
        header('Cookie', `theme=dark; sessionid=${sessionid}; sessionid_sign=${sign}`),
        header('Authorization', `Bearer ${token}`),
        header(
          'Referer',
          `https://www.tradingview.com/?auth=${encodeURIComponent(CANARIES['auth in the URL'])}`,
        ),
        header('X-Echo', everywhere.join(' ')),
        header(sessionid, 'a header’s name'),
      ],
      postData: { text: JSON.stringify({ auth_token: token, everywhere }) },
    },
    {
      headers: [
        header('Set-Cookie', `device_t=${CANARIES['cookie of the venue']}; Path=/; HttpOnly`),
        header('Location', `/?token=${encodeURIComponent(plain)}`),
        header('Content-Encoding', sessionid),
      ],
      content: {
        text: bytes(
          JSON.stringify({ user: { email: CANARIES.mail, auth_token: plain }, everywhere }).replaceAll(
            '/',
            '\\/',
          ),
        ),
        encoding: 'base64',
        size: 9,
      },
    },
  ),
  exchange(
    { url: `https://data.tradingview.com/?auth=${sessionid}` },
    { status: 0, _error: `failed: ${everywhere}` },
  ),
  socket(
    [
      message(framePacket(JSON.stringify({ m: 'set_auth_token', p: [token] })), 'send'),
      message(frameMessage(packets)),
      message(`~m~3~m~{"m":"set_auth_token","p":["${token}"]}`),
      message(`~m~900~m~{"m":"set_auth_token","p":["${plain}`),
      message(bytes(`\u00ff${packets.join()}`), 'receive', 2),
      message(bytes(sessionid), 'receive', 9),
      message(bytes(sign), 'send', 10),
      message(`closed: ${everywhere.join()}`, 'error', -1),
      ...everywhere.flatMap(written => [message(written), message(bytes(written), 'receive', 2)]),
    ],
    {
      request: {
        method: 'GET',
        url: `${SOCKET_URL}&auth=${encodeURIComponent(CANARIES['auth in the URL'])}`,
        headers: [header('cookie', `sessionid=${sessionid}; sessionid_sign=${sign}`)],
      },
    },
  ),
])

describe('an import by the real program', () => {
  test.each([
    [[], 'of the hosts of known feeds'],
    [['--all'], 'of all hosts'],
  ])('with %j keeps nothing of what a HAR gives away', async args => {
    const { evidence, code } = await ran(JSON.stringify(CAPTURE), args)
    expect(code).toBe(0)
    const tape = evidence.find(({ name }) => name.endsWith('.tape.jsonl'))?.bytes.toString() ?? ''
    for (const seen of ['"redacted"', '"op":"binary"', '"op":"ping"', '"kind":"mark"']) {
      expect(tape, seen).toContain(seen)
    }
    // Only the page has the cookie of the venue, the page's token and the address of a person.
    const { mail, 'cookie of the venue': cookie, ...onSocket } = CANARIES
    expect(leaksIn(evidence, args.length > 0 ? { mail, cookie, ...onSocket } : onSocket)).toEqual([])
  })

  test.each([
    ['is cut', 4, (text: string) => text.slice(0, text.indexOf(sign) + 5)],
    ['has a stray quote in a cookie', 4, (text: string) => text.replace(sessionid, `${sessionid}"`)],
    ['has a number for a header', 4, (text: string) => text.replace(`"Bearer ${token}"`, '17')],
    ['has an opcode of its own', 0, (text: string) => text.replace('"opcode":9', '"opcode":7')],
    ['has bytes that are no base64', 0, (text: string) => text.replace('"opcode":1,', '"opcode":2,')],
  ])('says nothing of it where the HAR %s', async (_, expected, damage) => {
    const { evidence, code } = await ran(damage(JSON.stringify(CAPTURE)), ['--all'])
    expect(code).toBe(expected)
    expect(leaksIn(evidence, CANARIES)).toEqual([])
  })
})

/** All that it left behind but the capture itself, and what it said. */
async function ran(capture: string, args: readonly string[]) {
  const cwd = await temporaryFolder()
  const path = join(cwd, 'session.har')
  await writeFile(path, capture)
  const result = await runCli(['import', '--from', 'har', path, ...args], { cwd })
  const names = (await readdir(cwd)).filter(name => name !== 'session.har')
  const files = names.map(async name => ({ name, bytes: await readFile(join(cwd, name)) }))
  const said = [result.stdout, result.stderr].map((text, n) => ({
    name: n === 0 ? 'stdout' : 'stderr',
    bytes: Buffer.from(text),
  }))
  return { code: result.code, evidence: [...(await Promise.all(files)), ...said] }
}
