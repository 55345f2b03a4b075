import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NumberReader } from '../../../src/feeds/numbers.ts'
import type { Packet } from '../../../src/feeds/packet.ts'
import { misDecoded } from '../../../src/feeds/trade-manager/mis-decoded.ts'
import { readTrades } from '../../../src/feeds/trade-manager/read-trades.ts'
import { add, decimalFromNumber, decimalText, ZERO } from '../../../src/model/decimal.ts'
import { observationToJson } from '../../../src/model/observation.ts'
import { describeWithSamples } from '../../samples.ts'
import { read, signalsOf } from './wire.ts'

interface HookedSession {
  readonly messages: readonly { readonly type: 'sent' | 'received'; readonly data: string }[]
  readonly events: readonly { readonly type: string; readonly code?: number }[]
}

describeWithSamples('real material of Trade Manager', samples => {
  const folder = join(samples, 'trade-manager')
  const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8')
  const jsonOf = <T>(file: string): T => JSON.parse(textOf(file)) as T
  const lines = textOf('log_lines.txt').split('\n')
  const lineWith = (word: string): string =>
    lines.find(line => !line.startsWith('#') && line.includes(word)) ?? ''

  test('DATA: ES1! at 6723.00 and 6723.25, worth 50 a point', () => {
    const [data] = jsonOf<unknown[]>('ws_messages_transcribed.json')
    const { observations, packet } = read(JSON.stringify(data))
    expect(packet).toMatchObject({ kind: 'DATA', disposition: 'read' })
    expect(observations.map(observationToJson)).toMatchObject([
      { kind: 'instrument', name: 'ES1!', tickSize: '0.25', tickValue: '12.5', pointValue: '50' },
      { kind: 'quote', name: 'ES1!', fields: { bid: '6723', ask: '6723.25' } },
    ])
  })

  test('OPEN: ROG-15SV buys 1 NQ1! at 24958.5 on 15, however it was mis-decoded', () => {
    const { data } = JSON.parse(lineWith('OPEN')) as { data: string }
    const expected = {
      ...{ action: 'open', strategy: 'ROG-15SV', name: 'NQ1!', timeframe: '15' },
      ...{ side: 'buy', quantity: '1', price: '24958.5', text: data },
    }
    expect(signalsOf(data).map(observationToJson)).toMatchObject([expected])
    for (const repaired of ['mac-roman', 'windows-1252', 'latin-1'] as const) {
      const [signal, ...more] = signalsOf(misDecoded(data, repaired)).map(observationToJson)
      expect(more).toEqual([])
      expect(signal).toMatchObject({ ...expected, repaired })
    }
  })

  test('ADD: sets MYM1! on 15s to 3 long at a rounded 47430.33, and the emoji behind it is not its own', () => {
    const line = lineWith('ADD')
    expect(line.endsWith('📝')).toBe(true)
    expect(signalsOf(line).map(observationToJson)).toMatchObject([
      {
        ...{ action: 'add', strategy: 'DCA-MYM', name: 'MYM1!', timeframe: '15s' },
        position: { quantity: '3', averagePrice: '47430.33', isRounded: true },
      },
    ])
    const [signal] = signalsOf(line)
    expect(signal).not.toHaveProperty('quantity')
    expect(signal).not.toHaveProperty('time')
  })

  test('the fragment is a close without a ticker', () => {
    const signals = signalsOf(lineWith('Closed at')).map(observationToJson)
    expect(signals).toMatchObject([{ action: 'close', name: '', price: '24959' }])
    expect(signals[0]).not.toHaveProperty('suggestion')
  })

  test('the three lines that the page writes itself are unknown signals with their text', () => {
    const own = ['Cleared', '[ERROR]', 'DISABLED'].map(lineWith)
    const signals = signalsOf(own.join('\n'))
    expect(signals.map(({ action, text }) => [action, text])).toEqual(own.map(line => ['unknown', line]))
  })

  test('5 sessions: 5 AUTH, 4 greetings, 3 ACCSETUP with their answers, 4 ends with 1005 and one left open', () => {
    const sessions = jsonOf<HookedSession[]>('ws_sessions_2025-11-06.json')
    const packets: Packet[] = sessions.flatMap(({ messages }) =>
      messages.map(({ type, data }) => read(data, { dir: type === 'sent' ? 'out' : 'in' }).packet),
    )
    const count = (kind: string): number => packets.filter(packet => packet.kind === kind).length
    expect(sessions).toHaveLength(5)
    expect(['AUTH', 'greeting', 'ACCSETUP', 'ACCSETUP_COMPLETE'].map(count)).toEqual([5, 4, 3, 3])
    expect(packets).toHaveLength(15)
    expect(new Set(packets.map(({ disposition }) => disposition))).toEqual(new Set(['request', 'status']))
    const ends = sessions.map(({ events }) => events.find(({ type }) => type === 'close')?.code)
    expect(ends).toEqual([1005, 1005, 1005, 1005, undefined])
  })

  test('closed trades: every row is read and none is a position; their profits add up as computed elsewhere', () => {
    const rows = jsonOf<{ Profit: number }[]>('closed_trades_2025-11-06.json')
    const expected = jsonOf<{ trades: number; sum_profit: string }>('EXPECTED.json')
    const { packet, observations } = read(JSON.stringify({ type: 'TRADES', data: rows }))
    expect(packet).toMatchObject({ kind: 'TRADES', disposition: 'read' })
    expect(observations).toEqual([])
    expect(readTrades(rows, new NumberReader(), undefined)).toMatchObject({
      open: 0,
      closed: expected.trades,
    })
    const sum = rows.reduce((all, { Profit }) => add(all, decimalFromNumber(Profit) ?? ZERO), ZERO)
    expect(decimalText(sum)).toBe(expected.sum_profit)
  })

  test('the open trade: MES1! 2 short at 6856.50, and its own fields are kept where they are asked for', () => {
    const rows = jsonOf<unknown[]>('open_trades_2025-11-06.json')
    const text = JSON.stringify({ type: 'TRADES', data: rows })
    expect(read(text).observations.map(observationToJson)).toEqual([
      {
        ...{ kind: 'position', session: '', name: 'MES1!', change: 'snapshot', id: '2836336' },
        ...{ strategy: 'JADDCAVIXES', timeframe: '1', quantity: '-2', averagePrice: '6856.5' },
      },
    ])
    const [kept] = read(text, { keepWire: true }).observations
    expect(kept).toMatchObject({ wire: { Stoploss: '6956.50', SLTP_Data: {} } })
  })
})
