import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { openPlannerGraph } from '../supergraph/planner/planner-graph.ts';
import { outline } from './supergraph/planner/planned-graph.ts';
const [sg, delay, ...ops] = process.argv.slice(2);
const g = openPlannerGraph(readFileSync(sg!, 'utf8'));
const w = new Worker(`
const inspector = require('node:inspector'); const fs=require('node:fs');
const s = new inspector.Session(); s.connectToMainThread();
s.post('Debugger.enable'); 
s.on('Debugger.paused', (m) => { fs.writeSync(1, m.params.callFrames.slice(0,40).map(f => f.functionName+':'+f.location.lineNumber).join(' < ')+'\\n---\\n'); s.post('Debugger.resume'); });
let n=0; setInterval(() => { if(n++<8) s.post('Debugger.pause'); }, ${delay});
require('node:worker_threads').parentPort.postMessage('go');
`, { eval: true });
w.once('message', () => setTimeout(() => { for (const o of ops) { const t = Date.now(); const p = g.plan(o.startsWith('/') ? readFileSync(o,'utf8') : o); console.log(Date.now()-t, 'ms', JSON.stringify(outline(p), null, 1)); } process.exit(0); }, 100));
