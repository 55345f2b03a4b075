import { access, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import type { CliCommand } from '../../src/cli/command.ts'
import { importCommand } from '../../src/cli/import.ts'
import { inspectCommand } from '../../src/cli/inspect.ts'
import { type ExitCode, explainFailure, type Io } from '../../src/cli/io.ts'
import { exchange, har, START, socket, temporaryFolder } from './hars.ts'

interface Ran {
  readonly code: ExitCode
  readonly stdout: string
  readonly stderr: string
}

/** A command in this process, its output caught. */
async function ran(cli: CliCommand, ...args: readonly string[]): Promise<Ran> {
  const written = { stdout: '', stderr: '' }
  const into = (stream: keyof typeof written) =>
    new Writable({
      write(chunk, _encoding, done) {
        written[stream] += String(chunk)
        done()
      },
    })
  const io: Io = {
    stdout: into('stdout'),
    stderr: into('stderr'),
    env: {},
    isTerminal: false,
    isColoured: false,
  }
  let code: ExitCode = 0
  const command = new Command(cli.name).exitOverride()
  cli.describe(command, async run => {
    code = await run(io)
  })
  await command.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => {
    code = explainFailure(io, thrown)
  })
  return { code, ...written }
}

async function capture(...entries: readonly object[]): Promise<string> {
  const path = join(await temporaryFolder(), 'morning.har')
  await writeFile(path, JSON.stringify(har(entries)))
  return path
}

describe('feedtape import', () => {
  test('refuses a format that it does not know', async () => {
    const { code, stderr } = await ran(importCommand, '--from', 'pcap', 'x.pcap')
    expect(code).toBe(2)
    expect(stderr).toContain('"pcap"')
  })

  test('says that a capture is not there, and leaves nothing behind', async () => {
    const path = join(await temporaryFolder(), 'none.har')
    const { code, stderr } = await ran(importCommand, '--from', 'har', path)
    expect(code).toBe(4)
    expect(stderr).toContain('the capture cannot be read')
    await expect(access(path.replace('.har', '.tape.jsonl'))).rejects.toThrow()
  })

  test('puts the tape beside the capture, and says what it took and what it left out', async () => {
    const path = await capture(socket([{ time: START }]), exchange({ url: 'https://example.org/' }))
    const { code, stdout, stderr } = await ran(importCommand, '--from', 'har', path)
    expect(code).toBe(0)
    expect(stdout).toContain(path.replace('.har', '.tape.jsonl'))
    expect(stdout).toMatch(/\nconnections {2}1\nframes {7}1 in, 0 out\nexchanges {4}1\n/)
    expect(stderr).toBe(
      'left out, because no known feed lives there (--all takes them):\n  example.org  0 connections  1 exchange\n',
    )
  })

  test('does not replace a tape unless told', async () => {
    const path = await capture(socket([{ time: START }]))
    expect((await ran(importCommand, '--from', 'har', path)).code).toBe(0)
    expect((await ran(importCommand, '--from', 'har', path)).code).toBe(4)
    expect((await ran(importCommand, '--from', 'har', path, '--overwrite')).code).toBe(0)
  })

  test('ends with 3 where a part of the capture is on no tape, and says how much and where', async () => {
    const path = join(await temporaryFolder(), 'cut.jsonl')
    const frame = (n: number): string => JSON.stringify({ dir: 'in', data: `~m~4~m~~h~${n}` })
    await writeFile(path, `${frame(1)}\n${frame(2)}\n${frame(3).slice(0, 12)}`)
    const { code, stderr } = await ran(importCommand, path)
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(
        '1 pieces of the file are no records of messages; they are left out (the first is the 3.)',
      ),
    })
  })

  test('prints the same as JSON', async () => {
    const path = await capture(socket([{ time: START }]))
    const { stdout } = await ran(importCommand, '--from', 'har', path, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ connections: 1, frames: { in: 1, out: 0 }, leftOut: [] })
  })
})

describe('feedtape inspect', () => {
  async function tape(): Promise<string> {
    const path = await capture(socket([{ time: START }]))
    await ran(importCommand, '--from', 'har', path)
    return path.replace('.har', '.tape.jsonl')
  }

  test('refuses a gap that is no duration, and a file of nobody’s', async () => {
    const path = await tape()
    expect((await ran(inspectCommand, path, '--gap', 'long')).code).toBe(2)
    const words = join(await temporaryFolder(), 'words.txt')
    await writeFile(words, 'no capture at all')
    expect(await ran(inspectCommand, words)).toMatchObject({ code: 4, stdout: '' })
    expect((await ran(inspectCommand, `${words}.none`)).stderr).toContain('words.txt.none')
    expect((await ran(inspectCommand, path, '--feed', 'none')).code).toBe(2)
  })

  test('of another capture imports it for the occasion, says so, and leaves nothing behind', async () => {
    const path = (await tape()).replace('.tape.jsonl', '.har')
    const { code, stdout, stderr } = await ran(inspectCommand, path)
    expect(code).toBe(0)
    expect(stdout).toContain('morning.har.tape.jsonl')
    expect(stderr).toContain('morning.har is no tape: read as HAR, imported for this look only')
    expect(stderr).toContain('tradingview-socket: certain')
    await expect(access(join(dirname(path), 'morning.har.tape.jsonl'))).rejects.toThrow()
  })

  test('prints JSON of another capture alone on stdout', async () => {
    const path = join(await temporaryFolder(), 'venue.jsonl')
    await writeFile(path, '{"symbol":"ES1!","bid":1.5,"ask":1.75}\n'.repeat(5))
    const { stdout } = await ran(inspectCommand, path, '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      header: { feeds: ['json-socket'] },
      structure: { mapping: { messages: [{ name: 'symbol', fields: { bid: 'bid', ask: 'ask' } }] } },
    })
  })

  test('of a whole tape ends with 0', async () => {
    const { code, stdout, stderr } = await ran(inspectCommand, await tape())
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('sealed, every line whole')
  })

  test('of a tape that was cut says what could be read and ends with 3', async () => {
    const path = await tape()
    await truncate(path, 900)
    const { code, stdout, stderr } = await ran(inspectCommand, path, '--json')
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ ending: { isSealed: false, isWhole: false } })
    expect(stderr).toContain('damaged or unsealed')
  })
})
