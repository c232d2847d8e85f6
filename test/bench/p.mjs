import { Processes } from '../../dist/harness/run/processes.js'
import { search } from '../../dist/harness/explore/search.js'
const t0=performance.now(); const log=(...a)=>console.log((performance.now()-t0).toFixed(0),...a)
const ex = await Processes.open({file: process.argv[2], workers:1, trialTimeoutMs:10000, memoryMbMax:1024, output:'discard'})
log('loaded')
const run = ex.run.bind(ex)
let n=0
ex.run = async (specs,o)=>{ const t=performance.now(); const r=await run(specs,o); n+=specs.length; if(performance.now()-t>20) log('ran',specs.length,'in',(performance.now()-t).toFixed(0), o?.fresh?'fresh':''); return r }
const r = await search(ex,{seed:1,trialsMax:2000,command:()=>'' })
log(r.because, n)
ex.close()
