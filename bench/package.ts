import { spawnSync } from 'node:child_process'
import { cp, mkdir, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')
const MODULES = join(ROOT, 'node_modules')

/**
 * What the tarball holds, made from the sources as they are, below this folder: the checkout's own dist/ is neither
 * read nor touched, so it may be missing or stale. Gives the launcher.
 */
export async function buildPackage(home: string): Promise<string> {
  const folder = join(home, 'node_modules', 'feedtape')
  await mkdir(folder, { recursive: true })
  const tsc = join(MODULES, 'typescript', 'bin', 'tsc')
  runNode([tsc, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')])
  for (const name of ['bin', 'package.json']) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true })
  }
  for (const name of ['commander', 'ws', 'zod']) {
    await symlink(join(MODULES, name), join(folder, '..', name), 'junction')
  }
  return join(folder, 'bin', 'feedtape.js')
}

/** This very Node as another process, to its end. Throws when that is not 0. */
export function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { readonly stdout: string; readonly stderr: string } {
  const all = { ...process.env, ...env }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: all })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`)
  return { stdout, stderr }
}
