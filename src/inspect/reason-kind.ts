/**
 * Why a packet could not be read, without the value that it had: `lp: expected a number, found "…"`. Of a field that has
 * changed its type every packet would otherwise be a finding of its own.
 */
export function reasonKind(reason: string): string {
  return reason
    .replace(/"(?:[^"\\]|\\.)*(?:"|$)/g, '"…"')
    .replace(/'(?:[^'\\]|\\.){0,3}'/g, "'…'")
    .replace(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, '…')
}
