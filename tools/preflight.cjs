// Says plainly what is missing before a tool dies of it with a riddle. Old JavaScript on purpose: it has to
// run on the Node that is too old.
'use strict'
var found = process.versions.node
var machine = `${process.platform} ${process.arch}`
if (Number(found.split('.')[0]) < 24) {
  console.error(`feedtape needs Node 24 or newer; this is Node ${found} on ${machine}.`)
  console.error(
    ['linux x64', 'linux arm64', 'win32 x64'].indexOf(machine) >= 0
      ? "Run 'npm ci --include=optional': it brings a Node 24 along. Or install Node 24 from https://nodejs.org."
      : "'npm ci' has none to bring for this machine. Install Node 24 from https://nodejs.org, then run 'npm ci'.",
  )
  process.exit(2)
}
