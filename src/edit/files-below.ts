import type { Dirent, Stats } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'

export interface FilesBelow {
  /** Sorted. A link to a file stands here by its own name. */
  readonly files: readonly string[]
  /** Links that lead nowhere, or in circles. */
  readonly broken: readonly { readonly file: string; readonly reason: string }[]
  /** Pipes, sockets and devices: what cannot be searched. */
  readonly others: readonly string[]
}

/** Folders that hold no one's recordings, and a great deal of other people's text. */
const NOT_ENTERED: ReadonlySet<string> = new Set(['node_modules', '.git'])

/**
 * The file, or all files below a folder, links followed. A folder that several ways lead to is entered once, by the
 * way with the fewest links, and a link back to a folder that it stands in is a circle. FeedtapeError `file-missing`.
 */
export async function filesBelow(path: string): Promise<FilesBelow> {
  if (!(await isFolder(path))) return { files: [path], broken: [], others: [] }
  const walk = new Walk(await realpath(path))
  walk.links.push(path)
  for (let link = walk.links.shift(); link !== undefined; link = walk.links.shift()) await walk.enter(link)
  const { broken, files, others } = walk
  return { files: files.sort(), broken, others }
}

class Walk {
  readonly files: string[] = []
  readonly broken: { file: string; reason: string }[] = []
  readonly others: string[] = []
  /** To folders, which wait until all that is there without a link was read. */
  readonly links: string[] = []
  readonly #root: string
  readonly #entered = new Set<string>()

  constructor(root: string) {
    this.#root = root
  }

  async enter(folder: string): Promise<void> {
    const { real, entries } = await entriesOf(folder)
    if (this.#entered.has(real)) return
    this.#entered.add(real)
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (NOT_ENTERED.has(entry.name) && !entry.isFile()) continue
      if (entry.isSymbolicLink()) await this.#follow(path, real)
      else if (entry.isFile()) this.files.push(path)
      else if (entry.isDirectory()) await this.enter(path)
      else this.others.push(path)
    }
  }

  async #follow(link: string, folder: string): Promise<void> {
    let stats: Stats
    let target: string
    try {
      stats = await stat(link)
      target = await realpath(link)
    } catch (thrown) {
      this.broken.push({ file: link, reason: reasonOf(thrown) })
      return
    }
    if (stats.isDirectory()) {
      if (![folder, this.#root].some(one => isWithin(one, target))) this.links.push(link)
    } else if (stats.isFile()) this.files.push(link)
    else this.others.push(link)
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

async function entriesOf(
  folder: string,
): Promise<{ readonly real: string; readonly entries: readonly Dirent[] }> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return { real: await realpath(folder), entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  } catch (cause) {
    throw unreadable(folder, cause)
  }
}

function unreadable(where: string, cause: unknown): FeedtapeError {
  return new FeedtapeError('file-missing', 'it cannot be read', {
    where,
    expected: 'a file or a folder',
    found: reasonOf(cause),
    next: 'check the path and its permissions',
    cause,
  })
}
