import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Child, type CpuTime, cpuTimeOf, feedtape, start } from './processes.ts'

const COUNTER = fileURLToPath(new URL('./counting-client.ts', import.meta.url))
const WARM_UP_MS = 2_000

/** How a venue sends: so many frames a second, for so long behind a warm-up, evenly (0) or in bursts with gaps. */
export interface Pace {
  readonly rate: number
  readonly seconds: number
  readonly gapMs: number
}

/** ns a frame. */
export interface PacedCost {
  readonly counting: CpuTime
  readonly recording: CpuTime
}

/** CPU a frame of a client that only counts and of the recorder, one after the other. Throws where a frame was lost. */
export async function pacedCost(pace: Pace): Promise<PacedCost> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-cost-'))
  try {
    const counting = await perFrame(url => start(process.execPath, [COUNTER, url], folder), pace)
    const args = ['--symbol', 'CME_MINI:NQ1!', '-o', join(folder, 'cost.tape.jsonl'), '--json']
    const recording = await perFrame(
      url => feedtape(['record', 'tradingview-socket', '--url', url, ...args], folder),
      pace,
    )
    return { counting, recording }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** Over the frames that were sent behind the warm-up. */
async function perFrame(client: (url: string) => Child, { rate, seconds, gapMs }: Pace): Promise<CpuTime> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const child = client(`ws://127.0.0.1:${port}/`)
  try {
    const [socket] = (await once(server, 'connection')) as [WebSocket]
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
