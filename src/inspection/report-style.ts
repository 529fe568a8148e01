/** The report's look: one column on a phone, light and dark as the reader's system is. */
export const reportStyle = `
:root{color-scheme:light dark;--bg:#f5f6fa;--card:#fff;--ink:#141a2b;--soft:#5a6479;--line:#e1e5ee;--accent:#4f46e5;--good:#0b7a4b;--good-bg:#e5f6ee;--warn:#a34a06;--warn-bg:#fdf1e3;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{--bg:#0e1220;--card:#171d2e;--ink:#e8ecf6;--soft:#9aa6be;--line:#2a3249;--accent:#9d97ff;--good:#5fd6a0;--good-bg:#12352a;--warn:#f5b26b;--warn-bg:#3a2813}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main,header,footer{max-width:1320px;margin:0 auto;padding:0 24px}
header{padding-top:36px;padding-bottom:8px}
h1{margin:4px 0 2px;font-size:28px;line-height:1.2;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{margin:44px 0 14px;font-size:19px;letter-spacing:-.01em}
p{margin:0}
.brand{display:inline-flex;align-items:center;gap:8px;color:var(--soft);font-weight:600;font-size:14px}
.brand i{width:18px;height:18px;border-radius:5px;background:linear-gradient(135deg,#4f46e5,#0ea5a4)}
.soft{color:var(--soft)}
.small{font-size:14px}
code,.mono{font-family:var(--mono);font-size:.86em;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:14px;margin:26px 0 0;padding:0}
.fact,.card{background:var(--card);border:1px solid var(--line);border-radius:14px}
.fact{padding:16px 18px 18px;margin:0}
.fact dt{color:var(--soft);font-size:13px;font-weight:600}
.fact dd{margin:0}
.fact .big{margin:3px 0 4px;font-size:25px;font-weight:700;line-height:1.25;letter-spacing:-.02em;overflow-wrap:anywhere}
.fact .big span{font-size:15px;font-weight:500;letter-spacing:0;color:var(--soft)}
.good{color:var(--good)}.bad{color:var(--warn)}
.bar{display:block;height:6px;margin:10px 0 6px;border-radius:3px;background:var(--line);overflow:hidden}
.bar i{display:block;height:100%;background:var(--good);border-radius:3px}
.bar.bad i{background:var(--warn)}
.warnings{list-style:none;margin:0;padding:0;display:grid;gap:8px}
.warnings li{padding:11px 16px;border-radius:10px;background:var(--warn-bg);border-left:4px solid var(--warn);overflow-wrap:anywhere}
.warnings b{color:var(--warn);font-size:13px;display:block}
.warnings.none li{background:var(--good-bg);border-color:var(--good)}
.tabs{display:flex;flex-wrap:wrap;align-items:center;gap:8px 18px;margin-bottom:12px}
.choice{display:inline-flex;border:1px solid var(--line);border-radius:10px;background:var(--card);padding:3px}
.choice label{padding:5px 14px;border-radius:7px;font-size:14px;font-weight:600;color:var(--soft);cursor:pointer}
.choice label:has(:checked){background:var(--ink);color:var(--card)}
.choice label:has(:focus-visible){outline:2px solid var(--accent);outline-offset:2px}
.choice input{position:absolute;opacity:0;pointer-events:none}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;color:var(--soft);font-size:14px}
.mark{display:inline-block;min-width:20px;padding:0 6px;border-radius:9px;background:#0b7a4b;color:#fff;font:700 11px/18px system-ui,sans-serif;text-align:center}
.mark.skipped{background:#b45309}.mark.pixel{background:#4f46e5}
.frames{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:18px}
figure{margin:0;overflow:hidden;display:flex;flex-direction:column}
figcaption{padding:9px 16px;border-bottom:1px solid var(--line);font-size:14px;font-weight:600}
iframe{display:block;width:100%;height:min(78vh,900px);border:0;margin:0 auto;background:#fff;color-scheme:light;resize:vertical}
body:has(#phone:checked) iframe{width:min(375px,100%);border:solid var(--line);border-width:0 1px}
.show{display:none}
table{width:100%;border-collapse:collapse;font-size:15px}
th{padding:10px 14px;text-align:left;color:var(--soft);font-size:13px;border-bottom:1px solid var(--line)}
td{padding:12px 14px;vertical-align:top;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
tr:last-child>td{border-bottom:0}
tr:target{background:var(--warn-bg)}
td:nth-child(1){width:56px}td:nth-child(2){width:26%}td:nth-child(3){width:23%}
.tag{font-weight:650}
summary{color:var(--soft);font-size:14px;cursor:pointer;margin-top:2px}
details code{display:block;margin-top:6px;padding:8px 10px;border-radius:8px;background:var(--bg);user-select:all}
body:has(#only-tracked:checked) tr.skipped,body:has(#only-skipped:checked) tr.tracked{display:none}
footer{padding-top:40px;padding-bottom:48px;color:var(--soft);font-size:14px}
@media (max-width:1100px){.frames{display:block}.show{display:inline-flex}body:has(#before:checked) .after,body:has(#after:checked) .before{display:none}}
@media (max-width:760px){main,header,footer{padding-left:16px;padding-right:16px}header{padding-top:24px}h1{font-size:23px}h2{margin-top:34px}.facts{grid-template-columns:1fr 1fr;gap:10px}.fact{padding:13px 14px}.fact .big{font-size:20px}
.width{display:none}thead{display:none}table,tbody,tr,td{display:block;width:auto}tr{position:relative;padding:13px 14px 13px 58px;border-bottom:1px solid var(--line)}tr:last-child{border:0}
td,td:nth-child(n){padding:0;border:0;width:auto}td:first-child{position:absolute;left:14px;top:14px}td+td+td{margin-top:5px}iframe{height:70vh}}
@media (max-width:340px){.facts{grid-template-columns:1fr}}
@media print{.tabs{display:none}iframe{height:900px}body{background:#fff}}
`
