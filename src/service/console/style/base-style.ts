/** Colours, type and the frame around every page. Light and dark follow the system; so does motion. */
export const baseStyle = `
:root{color-scheme:light dark;
--bg:#f6f7fa;--card:#fff;--raised:#fbfbfd;--ink:#141a2b;--soft:#566075;--line:#e2e6ee;--line-strong:#c3cad8;
--accent:#4f46e5;--accent-strong:#4338ca;--on-accent:#fff;--accent-bg:#eef0fe;
--good:#0b6e45;--good-bg:#e4f5ec;--warn:#8f4206;--warn-bg:#fdf0e0;--bad:#b3261e;--bad-bg:#fdeceb;
--people:#4f46e5;--machines:#c2640c;--proxies:#0b8378;--proxies-ink:#0a655d;--proxies-bg:#dff4f1;
--shadow:0 1px 2px rgb(20 26 43/.05);
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
@media (prefers-color-scheme:dark){:root{
--bg:#0d111c;--card:#151b2b;--raised:#1a2133;--ink:#e9edf7;--soft:#9ba7bf;--line:#273047;--line-strong:#414d6b;
--accent:#8f88ff;--accent-strong:#a9a3ff;--on-accent:#0d1020;--accent-bg:#22244a;
--good:#63d8a3;--good-bg:#12332a;--warn:#f2b36d;--warn-bg:#382714;--bad:#ff9d94;--bad-bg:#3c1d1e;
--people:#8f88ff;--machines:#e0913f;--proxies:#2fb5a6;--proxies-ink:#6fdccf;--proxies-bg:#10332f;--shadow:none}}
*,::before,::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:24px}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.55 var(--sans);display:grid;grid-template-columns:236px minmax(0,1fr);min-height:100vh}
h1,h2,h3,p,dl,dd,ol,ul,figure{margin:0;padding:0}
ol,ul{list-style:none}
h1{font-size:27px;line-height:1.2;letter-spacing:-.02em;font-weight:700;overflow-wrap:anywhere}
h2{font-size:17px;line-height:1.35;letter-spacing:-.01em;font-weight:650}
h3{font-size:14px;line-height:1.4;font-weight:650}
a{color:var(--accent-strong);text-decoration-thickness:1px;text-underline-offset:3px}
a:hover{text-decoration-thickness:2px}
code,.mono{font-family:var(--mono);font-size:.875em;overflow-wrap:anywhere}
svg{display:block}
bdi{overflow-wrap:anywhere}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
:target{scroll-margin-top:24px}
.soft{color:var(--soft)}
.small{font-size:13.5px}
.strong{font-weight:650}
.number{font-variant-numeric:tabular-nums}
.nowrap{white-space:nowrap}
.unseen{position:absolute;width:1px;height:1px;margin:-1px;padding:0;border:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:12px;top:-60px;z-index:10;padding:10px 16px;border-radius:8px;background:var(--accent);color:var(--on-accent);font-weight:600;text-decoration:none}
.skip:focus{top:12px}

.side{position:sticky;top:0;height:100vh;display:flex;flex-direction:column;padding:24px 14px 18px;border-right:1px solid var(--line);background:var(--card)}
.brand{display:flex;align-items:center;gap:10px;padding:0 10px 22px;color:var(--ink);font-size:16px;font-weight:700;letter-spacing:-.01em;text-decoration:none}
.brand svg{width:24px;height:24px}
.side nav ul{display:grid;gap:2px}
.side nav a{display:flex;align-items:center;gap:11px;padding:8px 10px;border-radius:8px;color:var(--soft);font-weight:550;text-decoration:none}
.side nav svg{width:18px;height:18px;flex:none}
.side nav a:hover{background:var(--bg);color:var(--ink)}
.side nav a[aria-current]{background:var(--accent-bg);color:var(--accent-strong)}
.side .account{margin-top:auto;padding:14px 10px 0;border-top:1px solid var(--line);font-size:13.5px;display:flex;align-items:center;justify-content:space-between;gap:8px}
.side .account span{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.content{min-width:0;max-width:1140px;width:100%;margin:0 auto;padding:34px 40px 72px}
.page-head{display:flex;flex-wrap:wrap;align-items:flex-end;justify-content:space-between;gap:14px 24px;margin-bottom:26px}
.page-head>div:first-child{min-width:0}
.page-head .lead{margin-top:6px;color:var(--soft);max-width:68ch}
.crumbs{margin-bottom:10px;font-size:13.5px}
.crumbs a{color:var(--soft);text-decoration:none;font-weight:550}
.crumbs a:hover{color:var(--ink);text-decoration:underline}
.plain{display:grid;place-items:center;grid-template-columns:minmax(0,1fr);padding:24px}
.plain main{width:min(460px,100%)}
.plain .brand{padding:0 0 18px;justify-content:center}

@media (max-width:860px){
body{display:block;padding-bottom:calc(66px + env(safe-area-inset-bottom))}
.side{position:static;height:auto;padding:14px 16px;flex-direction:row;align-items:center;justify-content:space-between;border-right:0;border-bottom:1px solid var(--line)}
.brand{padding:0}
.side nav{position:fixed;z-index:5;left:0;right:0;bottom:0;background:var(--card);border-top:1px solid var(--line);padding:6px 6px calc(6px + env(safe-area-inset-bottom))}
.side nav ul{grid-template-columns:repeat(5,minmax(0,1fr))}
.side nav a{flex-direction:column;gap:3px;padding:6px 0;font-size:11.5px;line-height:1.3}
.side .account{margin:0;padding:0;border:0;max-width:55%}
.content{padding:24px 16px 40px}
.page-head{margin-bottom:20px}
h1{font-size:23px}
.plain{display:grid;padding:24px 16px}
}
@media (prefers-reduced-motion:no-preference){
a,button,input,.choice{transition:background-color .12s,border-color .12s,color .12s}
.fresh{animation:fresh 1.6s ease-out}
@keyframes fresh{from{background:var(--accent-bg)}}
}
@media (forced-colors:active){.badge,.tile,.card{border:1px solid}}
@media print{body{display:block}.side,form,.skip{display:none}}
`
