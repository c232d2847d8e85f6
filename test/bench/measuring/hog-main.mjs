/** Something else at work on the machine, until whoever started it ends: it takes a core and its caches. */
const starter = process.ppid
const things = Array.from({ length: 20_000 }, (_, index) => ({ index, text: `thing ${index}` }))
while (process.ppid === starter) JSON.parse(JSON.stringify(things))
