/**
 * The declared delay in seconds of an update mode; `undefined` where the word says none (endofday, snapshot).
 * The number is the delay: delayed_streaming_900 for US shares without a login (tradingview.md 1.7).
 */
export function delayOfMode(mode: string): number | undefined {
  if (mode === 'streaming') return 0
  const match = /^delayed_streaming_(\d{1,5})$/.exec(mode)
  return match === null ? undefined : Number(match[1])
}
