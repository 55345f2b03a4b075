import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocketServer } from 'ws'
import { readNumbers } from './options.ts'
import { type Child, type CpuTime, cpuTimeOf, feedtape, start } from './processes.ts'
import type { Soak } from './soak.ts'

const COUNTER = fileURLToPath(new URL('./counting-client.ts', import.meta.url))
/** The recorder's bar: CPU of a client that only counts, divided by the recorder's. */
const BAR = 0.8
const WARM_UP_MS = 2_000

export const cost: Soak = {
  name: 'cost',
  usage: '[--rate 60000] [--seconds 5] [--rounds 3] [--gap-ms 0]',
  summary: 'CPU of the recorder against a client that only counts, the same paced frames to both in turn',
  async run(args) {
    const options = readNumbers(args, { rate: 60_000, seconds: 5, rounds: 3, 'gap-ms': 0 })
    const folder = await mkdtemp(join(tmpdir(), 'feedtape-cost-'))
    try {
      const ratios: number[] = []
      for (let round = 1; round <= options.rounds; round++) {
        const counting = await perFrame(url => start(process.execPath, [COUNTER, url], folder), options)
        const tape = join(folder, `${round}.tape.jsonl`)
        const args = ['--symbol', 'CME_MINI:NQ1!', '-o', tape, '--json']
        const recording = await perFrame(
          url => feedtape(['record', 'tradingview-socket', '--url', url, ...args], folder),
          options,
        )
        ratios.push(counting.main / recording.main)
        console.log(
          `round ${round}: counting ${text(counting)}, recording ${text(recording)}, ` +
            `ratio ${(counting.main / recording.main).toFixed(2)} (all threads ${(counting.all / recording.all).toFixed(2)})`,
        )
        await rm(tape)
      }
      const median = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0
      console.log(`median ${median.toFixed(2)}; the bar is ${BAR}`)
      return median >= BAR
    } finally {
      await rm(folder, { recursive: true })
    }
  },
}

/** ns a frame, over the frames that were sent behind the warm-up. */
async function perFrame(
  client: (url: string) => Child,
  { rate, seconds, 'gap-ms': gapMs }: Readonly<Record<'rate' | 'seconds' | 'gap-ms', number>>,
): Promise<CpuTime> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const child = client(`ws://127.0.0.1:${port}/`)
  try {
    const [socket] = (await once(server, 'connection')) as [import('ws').WebSocket]
    const frames = Array.from({ length: 1_000 }, (_, n) => Buffer.from(quote(n)))
    const began = performance.now()
    let sent = 0
    let mark: { readonly sent: number; readonly cpu: CpuTime } | undefined
    for (let now = 0; now < WARM_UP_MS + seconds * 1_000; now = performance.now() - began) {
      for (const due = Math.floor((now * rate) / 1_000); sent < due; sent++) {
        socket.send(frames[sent % frames.length] ?? '', { binary: false })
      }
      if (mark === undefined && now >= WARM_UP_MS) mark = { sent, cpu: cpuTimeOf(child.pid) }
      // Evenly, or in bursts with a gap between them: then the client reads many frames at once.
      await new Promise(resolve => (gapMs === 0 ? setImmediate(resolve) : setTimeout(resolve, gapMs)))
    }
    const end = cpuTimeOf(child.pid)
    const count = sent - (mark?.sent ?? 0)
    const from = mark?.cpu ?? { main: 0, all: 0 }
    socket.close()
    child.process.kill('SIGINT')
    await child.ended
    const received = /"received":(\d+)/.exec(child.said())?.[1]
    if (Number(received) !== sent)
      throw new Error(`${sent} frames sent, received ${received}:\n${child.said()}`)
    return { main: (end.main - from.main) / count, all: (end.all - from.all) / count }
  } finally {
    await child.kill()
    for (const socket of server.clients) socket.terminate()
    await new Promise(resolve => server.close(resolve))
  }
}

/** A delta as the wire has it: some 190 bytes. */
function quote(n: number): string {
  const price = (25_000 + (n % 97) * 0.25).toFixed(2)
  const v = `{"volume":${1_000_000 + n},"lp_time":${1_795_176_000 + n},"lp":${price},"chp":0.${n % 10}1,"ch":${n % 50}.25,"trade_loaded":true}`
  const payload = `{"m":"qsd","p":["qs_synthetic0001",{"n":"CME_MINI:NQ1!","s":"ok","v":${v}}]}`
  return `~m~${payload.length}~m~${payload}`
}

function text({ main, all }: CpuTime): string {
  return `${(main / 1_000).toFixed(2)} µs/frame (all threads ${(all / 1_000).toFixed(2)})`
}
