import type { Recognition } from '../feed.ts'
import { shapeOf } from './shape.ts'

/** A longer text is not parsed only to say that it is JSON. */
const MOST = 4 * 1024 * 1024

/** Anybody's JSON: never more than possible, and only an object or an array. */
export function recognise(text: string): Recognition | undefined {
  if (text.length > MOST || !/^\s*[[{]/.test(text)) return undefined
  try {
    return {
      confidence: 'possible',
      why: `JSON of the shape ${shapeOf(JSON.parse(text)).name}, as any venue may write it`,
    }
  } catch {
    return undefined
  }
}
