/** What only some pages have: records, charts, timelines, the framed email. */
export const pagesStyle = `
.steps{counter-reset:step}
.steps>li{display:grid;grid-template-columns:30px minmax(0,1fr);gap:14px;padding:14px 0}
.steps>li+li{border-top:1px solid var(--line)}
.steps>li::before{counter-increment:step;content:counter(step);display:grid;place-items:center;width:28px;height:28px;border-radius:50%;border:1px solid var(--line-strong);color:var(--soft);font-weight:650;font-size:13.5px}
.steps>li.done::before{content:"\\2713";background:var(--good-bg);border-color:transparent;color:var(--good)}
.steps>li.next::before{background:var(--accent);border-color:transparent;color:var(--on-accent)}
.steps p{color:var(--soft)}
.steps .actions,.steps .sample{margin-top:12px}
.steps h3{font-size:15px}

.records{display:grid;gap:14px}
.record{border:1px solid var(--line);border-radius:10px;padding:14px 16px 15px}
.record.former{border-style:dashed}
.record-head{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center;margin-bottom:12px}
.record-head h3{margin-right:auto;font-family:var(--mono);font-size:14px;overflow-wrap:anywhere}
.record .facts{grid-template-columns:64px minmax(0,1fr);gap:8px 14px;align-items:center;min-height:30px}
.record .more{margin-top:12px;color:var(--soft);font-size:13.5px}
.record .findings{display:grid;gap:10px;color:var(--ink)}

.chart>*+*{margin-top:12px}
.plot{display:grid;grid-template-columns:auto minmax(0,1fr);gap:10px}
.plot>svg{width:100%}
.axis{display:flex;flex-direction:column;justify-content:space-between;height:166px;text-align:right;color:var(--soft);font-size:12px;line-height:16px;font-variant-numeric:tabular-nums}
.chart .grid{stroke:var(--line);stroke-width:1}
.chart .base{stroke:var(--line-strong);stroke-width:1}
.chart text{fill:var(--soft);font:12px var(--sans);font-variant-numeric:tabular-nums}
.chart .people,.key .people{fill:var(--people)}
.chart .machines,.key .machines{fill:var(--machines)}
.chart .proxies,.key .proxies{fill:var(--proxies)}
.chart .day .over{fill:transparent}
.chart .day:hover .over{fill:var(--ink);opacity:.06}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;color:var(--soft);font-size:13.5px}
.key li{display:flex;align-items:center;gap:7px}
.key svg{width:11px;height:11px}
details>summary{color:var(--soft);font-size:13.5px;font-weight:550;cursor:pointer;width:fit-content}
details>summary:hover{color:var(--ink)}
details[open]>summary{margin-bottom:10px}
details .scroll{max-height:420px;overflow:auto;border:1px solid var(--line);border-radius:10px}

.timeline{position:relative}
.timeline>li{position:relative;padding:0 0 22px 30px}
.timeline>li:last-child{padding-bottom:0}
.timeline>li::before{content:"";position:absolute;left:5px;top:7px;width:11px;height:11px;border-radius:50%;background:var(--line-strong);box-shadow:0 0 0 4px var(--card);z-index:1}
.timeline>li.person::before{background:var(--people)}
.timeline>li.machine::before{background:var(--machines)}
.timeline>li.proxy::before{background:var(--proxies)}
.timeline>li:not(:last-child)::after{content:"";position:absolute;left:10px;top:16px;bottom:-8px;width:1px;background:var(--line)}
.what{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center}
.timeline .when{color:var(--soft);font-size:13.5px}
.why{margin-top:6px;display:grid;gap:3px;color:var(--soft);font-size:14px}
.why li{padding-left:16px;position:relative}
.why li::before{content:"\\2013";position:absolute;left:2px}
.requests{margin-top:8px}
.requests li{padding:5px 0}
.agent{margin-top:4px;color:var(--soft);font-size:12.5px;overflow-wrap:anywhere}

.feed>li{display:grid;grid-template-columns:184px minmax(0,1fr) auto;gap:4px 16px;align-items:baseline;padding:12px 22px;border-top:1px solid var(--line)}
.feed>li:first-child{border-top:0}
.card-head+.feed{margin-top:12px;border-top:1px solid var(--line)}
.feed>li>time{color:var(--soft);font-variant-numeric:tabular-nums;font-size:14px;white-space:nowrap}
.feed>li .why,.feed>li .agent{grid-column:2/-1;margin-top:0}
.has-script .feed-state{display:flex;align-items:center;gap:9px;color:var(--soft);font-size:14px}
.feed-state::before{content:"";width:9px;height:9px;border-radius:50%;background:var(--line-strong)}
.feed-state.live::before{background:var(--good)}

.frame{border-top:1px solid var(--line)}
.frame iframe{display:block;width:100%;height:min(76vh,820px);border:0;background:#fff;color-scheme:light;border-radius:0 0 12px 12px}
.marks{padding:8px 22px 16px;display:flex;flex-wrap:wrap;gap:4px 18px;color:var(--soft);font-size:13.5px}
.marks b{display:inline-block;min-width:22px;padding:0 6px;border-radius:9px;background:#0b7a4b;color:#fff;font:700 11px/18px var(--sans);text-align:center}
.marks b.skipped{background:#b45309}

@media (max-width:860px){
.feed>li{grid-template-columns:minmax(0,1fr) auto;padding:12px 16px}
.feed>li>time{grid-column:1/-1}
.feed>li .why,.feed>li .agent{grid-column:1/-1}
.record .facts{grid-template-columns:minmax(0,1fr);gap:0}
.frame iframe{height:72vh}
}
`
