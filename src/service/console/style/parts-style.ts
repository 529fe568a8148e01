/** What pages are made of: cards, tables, badges, forms. */
export const partsStyle = `
.stack{display:grid;gap:20px;grid-template-columns:minmax(0,1fr)}
.columns{display:grid;gap:20px;grid-template-columns:minmax(0,1fr) minmax(0,1fr);align-items:start}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shadow);min-width:0}
.card-head{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:8px 16px;padding:18px 22px 0}
.card-head+.card-body{padding-top:14px}
.card-body{padding:20px 22px 22px}
.card-body>*+*{margin-top:16px}
.card .hint{color:var(--soft);max-width:70ch}
.card-foot{padding:14px 22px;border-top:1px solid var(--line);background:var(--raised);border-radius:0 0 12px 12px;color:var(--soft);font-size:13.5px}

.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:14px}
.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;box-shadow:var(--shadow);padding:16px 18px 17px;min-width:0}
.tile dt{color:var(--soft);font-size:13.5px;font-weight:600}
.tile dd{font-variant-numeric:tabular-nums}
.tile .big{margin-top:4px;font-size:28px;line-height:1.2;font-weight:700;letter-spacing:-.025em}
.tile .rest{margin-top:3px;color:var(--soft);font-size:13.5px}
.meter{width:100%;max-width:420px;height:6px;margin-top:10px;border-radius:3px;overflow:hidden}
.meter .track{fill:var(--line)}
.meter .fill{fill:var(--people)}

.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse;font-size:14.5px}
caption{text-align:left}
th{padding:10px 14px;text-align:left;color:var(--soft);font-size:13px;font-weight:600;border-bottom:1px solid var(--line);vertical-align:bottom}
td,tbody th{padding:12px 14px;border-bottom:1px solid var(--line);vertical-align:top}
tbody th{color:inherit;font-size:inherit;font-weight:inherit}
tbody tr:last-child>*{border-bottom:0}
tr>:first-child{padding-left:22px}
tr>:last-child{padding-right:22px}
.count{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td .under,th .under{display:block;margin-top:1px;color:var(--soft);font-size:13.5px;font-weight:400}
tbody tr:hover{background:var(--raised)}
th a{font-weight:600}

.badge{display:inline-flex;align-items:center;gap:6px;padding:2px 9px;border-radius:99px;background:var(--bg);border:1px solid var(--line);color:var(--soft);font-size:12.5px;font-weight:600;line-height:1.5;white-space:nowrap}
.badge::before{content:"";width:7px;height:7px;flex:none;border-radius:50%;background:currentColor}
.badge.good{background:var(--good-bg);border-color:transparent;color:var(--good)}
.badge.warn{background:var(--warn-bg);border-color:transparent;color:var(--warn)}
.badge.bad{background:var(--bad-bg);border-color:transparent;color:var(--bad)}
.badge.bare::before{content:none}
.badge.person{background:var(--accent-bg);border-color:transparent;color:var(--accent-strong)}
.badge.machine{background:var(--warn-bg);border-color:transparent;color:var(--warn)}
.badge.proxy{background:var(--proxies-bg);border-color:transparent;color:var(--proxies-ink)}
.badges{display:flex;flex-wrap:wrap;gap:6px}

.notice{display:block;padding:14px 18px;border-radius:10px;border:1px solid var(--line);border-left:4px solid var(--soft);background:var(--card);overflow-wrap:anywhere}
.notice.good{border-left-color:var(--good);background:var(--good-bg);border-top-color:transparent;border-right-color:transparent;border-bottom-color:transparent}
.notice.warn{border-left-color:var(--warn);background:var(--warn-bg);border-top-color:transparent;border-right-color:transparent;border-bottom-color:transparent}
.notice.bad{border-left-color:var(--bad);background:var(--bad-bg);border-top-color:transparent;border-right-color:transparent;border-bottom-color:transparent}
.notice h2,.notice h3{font-size:15px}
.notice:focus{outline-offset:3px}
.notice>*+*{margin-top:6px}
.notice .facts{margin-top:12px}

.empty{padding:36px 24px 40px;text-align:center}
.empty svg{width:36px;height:36px;margin:0 auto 12px;color:var(--line-strong)}
.empty p{max-width:56ch;margin:6px auto 0;color:var(--soft)}
.empty .actions{margin-top:18px;justify-content:center}
.empty pre{max-width:620px;margin:18px auto 0;text-align:left}
pre{margin:0;padding:14px 16px;border-radius:10px;border:1px solid var(--line);background:var(--raised);font:13px/1.6 var(--mono);white-space:pre-wrap;overflow-wrap:anywhere}

.facts{display:grid;grid-template-columns:auto minmax(0,1fr);gap:7px 20px}
.facts dt{color:var(--soft)}
.facts dd{min-width:0;overflow-wrap:anywhere}

.button{display:inline-flex;align-items:center;justify-content:center;gap:8px;min-height:38px;padding:7px 16px;border:1px solid var(--line-strong);border-radius:8px;background:var(--card);color:var(--ink);font:inherit;font-weight:600;line-height:1.4;text-decoration:none;cursor:pointer}
.button:hover{border-color:var(--soft);background:var(--raised)}
.button.main{border-color:transparent;background:var(--accent);color:var(--on-accent)}
.button.main:hover{background:var(--accent-strong)}
.button.danger{border-color:transparent;background:var(--bad);color:var(--card)}
.button.quiet{min-height:30px;padding:3px 10px;border-color:transparent;background:none;color:var(--soft);font-size:13.5px}
.button.quiet:hover{background:var(--bg);color:var(--ink)}
.button[disabled]{opacity:.6;cursor:default}
.form-end{margin-top:20px}
.actions{display:flex;flex-wrap:wrap;gap:10px;align-items:center}

.field label,.field legend,fieldset>legend{display:block;padding:0;font-weight:600}
.field .help{margin-top:2px;color:var(--soft);font-size:13.5px;max-width:66ch}
.field input[type=text]{width:min(420px,100%);min-height:40px;margin-top:8px;padding:8px 12px;border:1px solid var(--line-strong);border-radius:8px;background:var(--card);color:var(--ink);font:inherit}
.field input[type=text]:focus-visible{outline-offset:0;border-color:var(--accent)}
.field input[aria-invalid=true]{border-color:var(--bad)}
.field .error,.error{margin-top:8px;color:var(--bad);font-weight:550;max-width:72ch;overflow-wrap:anywhere}
.field .error::before,.error::before{content:"\\26A0\\FE0E\\00A0"}
.inline-form{display:flex;flex-wrap:wrap;gap:10px;align-items:flex-end}
.inline-form .field{flex:1 1 260px;max-width:420px}
fieldset{margin:0;padding:0;border:0;min-width:0}
.choices{display:grid;gap:8px;margin-top:10px}
.choice{position:relative;display:grid;grid-template-columns:18px minmax(0,1fr);gap:2px 12px;padding:11px 14px;border:1px solid var(--line);border-radius:10px;cursor:pointer}
.choice:hover{border-color:var(--line-strong)}
.choice:has(:checked){border-color:var(--accent);background:var(--accent-bg)}
.choice:has(:focus-visible){outline:2px solid var(--accent);outline-offset:2px}
.choice input{position:relative;z-index:1;width:18px;height:18px;margin:2px 0 0;accent-color:var(--accent)}
.choice input:focus-visible{outline:none}
.choice label{font-weight:600;cursor:pointer}
.choice label::before{content:"";position:absolute;inset:0}
.choice p{grid-column:2;color:var(--soft);font-size:13.5px}
.check{display:grid;grid-template-columns:20px minmax(0,1fr);gap:12px;align-items:start;font-weight:550;cursor:pointer}
.check input{width:20px;height:20px;margin:1px 0 0;accent-color:var(--accent)}

.copy{display:none}
.has-script .copy{display:inline-flex;border:1px solid var(--line);background:var(--card);color:var(--soft);border-radius:7px;padding:2px 9px;min-height:28px;font:600 12.5px/1.4 var(--sans);align-items:center;cursor:pointer;white-space:nowrap}
.has-script .copy:hover{color:var(--ink);border-color:var(--line-strong)}
.copied{display:flex;gap:10px;align-items:center;justify-content:space-between;max-width:560px}
.copied code{user-select:all}
.only-script{display:none}
.has-script .only-script{display:revert}
.has-script .no-script{display:none}

.pager{display:flex;justify-content:space-between;gap:12px;padding:14px 22px;border-top:1px solid var(--line)}

@media (max-width:860px){
.columns{grid-template-columns:minmax(0,1fr)}
.card-head{padding:16px 16px 0}.card-body{padding:16px}.card-foot{padding:12px 16px}
.pager{padding:12px 16px}
tr>:first-child{padding-left:16px}tr>:last-child{padding-right:16px}
th,td{padding-left:8px;padding-right:8px}
tbody th{min-width:112px}
.count{white-space:normal}
.count .under{min-width:9ch}
.badge{white-space:normal;border-radius:12px}
.wide{display:none}
.tiles{grid-template-columns:1fr 1fr;gap:10px}
.tile{padding:13px 14px 14px}
.tile .big{font-size:23px}
.facts{grid-template-columns:minmax(0,1fr);gap:0}
.facts dd+dt{margin-top:10px}
.field input[type=text]{font-size:16px}
}
@media (max-width:340px){.tiles{grid-template-columns:1fr}}
@media (min-width:861px){.narrow{display:none}}
`
