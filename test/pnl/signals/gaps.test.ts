import { describe, expect, test } from 'vitest'
import { close, fail, lose, open, wait } from '../../../tools/fixtures/script.ts'
import { logs, receive } from '../../../tools/fixtures/trade-manager/packets.ts'
import { added, closed, nq, opened, run, tapeOf } from './stage.ts'

const TWO = logs(opened('1 BUY at 100'), opened('2 BUY at 100', { strategy: 'T' }))

describe('signals behind a gap', () => {
  test('a connection that never carried a signal leaves nothing in doubt', async () => {
    const { positions, source } = await run(await tapeOf('quiet', nq(100, 101), close(1000), open, TWO))
    expect(positions).toEqual(['S NQ1! 1 at 100 realized 0', 'T NQ1! 2 at 100 realized 0'])
    expect(source).not.toHaveProperty('gaps')
  })

  test('positions are uncertain from the end of the connection on, until a signal of their own says them', async () => {
    const { positions, source, events } = await run(
      await tapeOf('gap', nq(100, 101), TWO, lose, wait(5), open, logs(added('3 BUY at 101'))),
    )
    expect(positions).toEqual(['S NQ1! 3 at 101 realized 0 rounded', 'T NQ1! 2 at 100 realized 0 uncertain'])
    expect(source).toMatchObject({ gaps: 1, unconfirmed: 1 })
    expect(events.slice(2)).toEqual(['uncertain S 1', 'uncertain T 2', 'signal S 3', 'confirmed S 3'])
  })

  test('what closes a part of the uncertain leaves the rest uncertain', async () => {
    const { positions } = await run(
      await tapeOf('part', nq(100, 101), TWO, lose, open, logs(closed('101', '1 ', 'T'))),
    )
    expect(positions[1]).toBe('T NQ1! 1 at 100 realized 20 uncertain')
  })

  test('a connection that never came about is no gap of its own', async () => {
    const { source } = await run(await tapeOf('refused', TWO, lose, fail('refused', 'ECONNREFUSED'), open))
    expect(source).toMatchObject({ gaps: 1 })
  })
})

describe('a log that is sent again', () => {
  test('on the next connection opens and closes nothing twice', async () => {
    const history = [opened('1 BUY at 100'), closed('105'), opened('1 BUY at 103')]
    const { positions, source } = await run(
      await tapeOf('again', nq(100, 101), ...history.map(line => logs(line)), lose, open, logs(...history)),
    )
    expect(positions).toEqual(['S NQ1! 1 at 103 realized 100 uncertain'])
    expect(source).toMatchObject({ opens: 2, closes: 1, repeated: 3 })
  })

  test('is over at its first new line: what reads the same behind that is new', async () => {
    const history = [opened('1 BUY at 100'), closed('105')]
    const { positions, source } = await run(
      await tapeOf(
        'over',
        nq(100, 101),
        logs(...history),
        lose,
        open,
        logs(...history, opened('1 BUY at 101'), closed('105'), ...history),
      ),
    )
    // 5 + 4 + 5 points of 20.
    expect(positions).toEqual(['S NQ1! 0 realized 280'])
    expect(source).toMatchObject({ opens: 3, closes: 3, repeated: 2 })
  })

  test('by its own word (Refresh) is none of ours to count', async () => {
    const refresh = receive({ type: 'LOGS', data: opened('1 BUY at 100'), action: 'Refresh' })
    const { positions, source } = await run(
      await tapeOf('refresh', nq(100, 101), logs(opened('1 BUY at 100')), logs(closed('101')), refresh),
    )
    expect(positions).toEqual(['S NQ1! 0 realized 20'])
    expect(source).toMatchObject({ repeated: 0 })
  })

  test('that two tapes have heard at once is one log, whichever was first', async () => {
    const lines = [opened('4 BUY at 100'), closed('110', '1 '), closed('120'), opened('4 BUY at 100')]
    const steps = [nq(100, 101), ...lines.flatMap(line => [logs(line), wait(1)])]
    const one = await run(await tapeOf('one', ...steps))
    const two = await run([await tapeOf('first', ...steps), await tapeOf('second', wait(0), ...steps)])
    expect(one.positions).toEqual(['S NQ1! 4 at 100 realized 1400'])
    expect(two.positions).toEqual(one.positions)
    expect(two.events).toEqual(one.events)
    expect(two.source).toMatchObject({ opens: 2, closes: 2, repeated: 4 })
  })

  test('on one connection is two signals: nothing in a line says otherwise', async () => {
    const lines = [opened('1 BUY at 100'), closed('105')]
    const { positions } = await run(await tapeOf('twice', nq(100, 101), logs(...lines), logs(...lines)))
    expect(positions).toEqual(['S NQ1! 0 realized 200'])
  })
})
