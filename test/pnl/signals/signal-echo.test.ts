import { describe, expect, test } from 'vitest'
import { SignalEcho } from '../../../src/pnl/sources/signal-echo.ts'

const FEED = 'trade-manager'

/** `1a`: connection 1 says a; `2b'`: connection 2 of another tape; `1.`: it ends. The answer: what was news. */
function newsOf(story: string, feedOf: (conn: number) => string = () => FEED): string {
  const echo = new SignalEcho()
  const told = story.split(' ').filter(word => {
    const [conn, text] = [Number(word[0]), word.slice(1).replace("'", '')]
    const index = word.endsWith("'") ? 1 : 0
    if (text === '.') echo.end(index, conn)
    else return !echo.isEcho(text, { index, conn, feed: feedOf(conn) })
    return false
  })
  return told.join(' ')
}

describe('a line of a log is news', () => {
  test('not where another connection has said it at the same time, whichever was first', () => {
    expect(newsOf('1a 2a 1b 2b 2c 1c')).toBe('1a 1b 2c')
    expect(newsOf("1a 1a' 1b 1b' 1c' 1c")).toBe("1a 1b 1c'")
  })

  test('each time that one of them says it more often than the other', () => {
    expect(newsOf('1a 2a 1a 1a 2a 2a 2a 1a')).toBe('1a 1a 1a 2a')
  })

  test('not where it lags behind: what was said meanwhile it says later', () => {
    expect(newsOf('1a 2a 1b 1c 1b 2b 2c 2b 2d 1d')).toBe('1a 1b 1c 1b 2d')
  })

  test('not where a connection that comes later is sent all of it again', () => {
    expect(newsOf('1a 1b 1a 1. 2a 2b 2a 2c')).toBe('1a 1b 1a 2c')
    expect(newsOf('1a 1b 2a 2b 1c 2c')).toBe('1a 1b 1c')
  })

  test('behind the first new line of the later one, which trades the same price once more', () => {
    expect(newsOf('1a 1b 1. 2a 2b 2c 2a 2b')).toBe('1a 1b 2c 2a 2b')
    expect(newsOf('1a 1b 1. 2c 2a')).toBe('1a 1b 2c 2a')
  })

  test('behind what was said while it listened: its log was sent by then', () => {
    expect(newsOf('1a 2a 1b 2b 1. 2a')).toBe('1a 1b 2a')
    expect(newsOf('1a 1b 2a 1c 2c 1. 2b')).toBe('1a 1b 1c 2b')
  })

  test('where another feed said it', () => {
    expect(newsOf('1a 2a 1b 2b', conn => (conn === 1 ? FEED : 'other'))).toBe('1a 2a 1b 2b')
  })

  test('once its tape has ended no connection of that hears anything', () => {
    const echo = new SignalEcho()
    const says = (index: number, text: string) => echo.isEcho(text, { index, conn: 1, feed: FEED })
    expect([says(0, 'a'), says(1, 'a')]).toEqual([false, true])
    echo.end(1)
    expect([says(0, 'b'), says(1, 'b'), says(1, 'b')]).toEqual([false, true, false])
  })
})
