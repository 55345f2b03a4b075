import { Command } from 'commander'
import { expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'

it('every command that is listed loads the file of that name, and no name is listed twice', async () => {
  expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length)
  for (const { name, summary, load } of COMMANDS) {
    const loaded = await load()
    expect(loaded.name).toBe(name)
    const command = new Command(name).summary(summary)
    loaded.describe(command, async () => {})
    // One place says it: what --help lists is in commands.ts alone, or says the same.
    expect(command.summary()).toBe(summary)
    expect(command.description()).not.toBe('')
  }
})
