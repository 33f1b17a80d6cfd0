/**
 * The page's three files, kept as text because the lab runs from a bundle and from source alike, and the page must load
 * nothing from elsewhere. The script writes with `textContent` alone: names and codes come from whoever enrols.
 */
export const pageHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Vestibule lab</title>
<link rel="stylesheet" href="/lab/page.css">
<script src="/lab/page.js" defer></script>
</head>
<body>
<header>
<h1>Vestibule lab</h1>
<p>Simulated platforms on this machine. Whoever is enrolled here exists nowhere else.</p>
<div class="actions">
<button id="clear-faults" type="button">End all faults</button>
<button id="reset" type="button">Clear everybody</button>
</div>
<p id="status" role="status"></p>
</header>
<main id="platforms"></main>
</body>
</html>
`;

export const pageStyle = `
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif;
  --ground: light-dark(#f6f6f4, #16181b); --card: light-dark(#fff, #1f2226); --ink: light-dark(#1b1d1f, #e9eaec);
  --quiet: light-dark(#5c6167, #a6acb3); --line: light-dark(#d5d7da, #3a3f45); --alarm: light-dark(#a3230f, #ff9b86); }
body { margin: 0; background: var(--ground); color: var(--ink); }
header, main { padding: 1rem 1.25rem; }
h1 { font-size: 1.35rem; margin: 0; }
h2 { font-size: 1.05rem; margin: 0; }
p { margin: .25rem 0; color: var(--quiet); }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 1rem; align-items: start; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .9rem; min-width: 0; }
.actions { display: flex; flex-wrap: wrap; gap: .35rem; margin: .5rem 0; }
button { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .35rem; padding: .2rem .55rem; cursor: pointer; }
button:hover { border-color: var(--ink); }
button:focus-visible { outline: 2px solid; outline-offset: 2px; }
ul { list-style: none; margin: .5rem 0; padding: 0; }
li.person { display: flex; gap: .7rem; padding: .45rem 0; border-top: 1px solid var(--line); }
li.person img, li.person .nophoto { width: 4rem; height: 5rem; object-fit: cover; border-radius: .3rem; background: var(--line); flex: none; }
li.person .nophoto { display: grid; place-items: center; font-size: .75rem; color: var(--quiet); }
li.person div { min-width: 0; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); font-size: .85rem; }
.alarm { color: var(--alarm); }
table { width: 100%; border-collapse: collapse; font: 12px/1.5 ui-monospace, monospace; }
td { padding: .1rem .4rem .1rem 0; vertical-align: top; }
td:nth-child(1), td:nth-child(3) { white-space: nowrap; }
td:nth-child(2) { overflow-wrap: anywhere; }
`;

export const pageScript = `
'use strict';
const orders = [
  ['Off', { mode: 'off' }],
  ['Drop', { mode: 'drop', times: 1 }],
  ['Hang once', { mode: 'hang', times: 1 }],
  ['Act, then hang', { mode: 'act-then-hang', times: 1 }],
  ['Act, then drop', { mode: 'act-then-drop', times: 1 }],
  ['Slow 3 s', { mode: 'slow', ms: 3000, times: 5 }],
  ['HTML', { mode: 'html', times: 1 }],
  ['Garbage', { mode: 'garbage', times: 1 }],
  ['HTTP 500', { mode: 'status', status: 500, times: 1 }],
  ['Busy', { mode: 'busy', times: 1 }],
  ['Too many', { mode: 'rate', times: 1 }],
  ['Clock +1 h', { mode: 'clock', ms: 3600000 }],
];
// What only some platforms have words for.
const ownOrders = {
  similar: ['Similar face', { times: 1 }],
  full: ['Full', {}],
  'poor-photo': ['Poor photo', { times: 1 }],
  'photo-lost': ['Photo lost', { times: 1 }],
  pending: ['Pending for ever', {}],
  'expired-token': ['Token expired', { times: 1 }],
};
const sections = new Map();
let lost = false;

function element(name, props = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, props);
  made.append(...children);
  return made;
}

async function send(method, path, body) {
  const options = { method };
  if (body) {
    options.body = JSON.stringify(body);
    options.headers = { 'content-type': 'application/json' };
  }
  const answer = await fetch(path, options);
  say(answer.ok ? '' : (await answer.json()).error);
  await refresh();
}

function say(text) {
  document.getElementById('status').textContent = text;
}

function section(id, platform) {
  const own = platform.ownFaults.map((mode) => [ownOrders[mode][0], { mode, ...ownOrders[mode][1] }]);
  const buttons = [...orders, ...own].map(([label, order]) => {
    const button = element('button', { type: 'button', textContent: label });
    button.setAttribute('aria-label', label + ', ' + id);
    button.addEventListener('click', () => send('POST', '/lab/faults', { platform: id, ...order }));
    return button;
  });
  const parts = {
    state: element('p', { className: 'quiet' }),
    faults: element('ul', { className: 'alarm' }),
    people: element('ul'),
    log: element('tbody'),
    seen: { people: '', log: '', faults: '' },
  };
  const root = element(
    'section', {},
    element('h2', { textContent: platform.title }),
    parts.state,
    parts.people,
    element('details', {}, element('summary', { textContent: 'Order a fault' }), element('div', { className: 'actions' }, ...buttons)),
    parts.faults,
    ...(platform.passes ? [element('div', { className: 'actions' }, passButton(id, 'A stranger passes', {}))] : []),
    element('table', { ariaLabel: 'Recent requests' }, parts.log),
  );
  document.getElementById('platforms').append(root);
  return parts;
}

function faultItem(id, fault) {
  const end = element('button', { type: 'button', textContent: 'End' });
  end.setAttribute('aria-label', 'End ' + fault.mode + ', ' + id);
  end.addEventListener('click', () => send('DELETE', '/lab/faults?' + new URLSearchParams({ platform: id, mode: fault.mode })));
  return element('li', {}, fault.mode + (fault.left === null ? '' : ' ×' + fault.left) + ' ', end);
}

function passButton(id, label, order) {
  const button = element('button', { type: 'button', textContent: label });
  button.addEventListener('click', () => send('POST', '/lab/pass', { platform: id, ...order }));
  return button;
}

function personItem(id, person, passes) {
  const picture = person.photo
    ? element('img', { src: person.photo + '?v=' + person.photoSha256.slice(0, 12), alt: 'Photo of ' + person.name })
    : element('div', { className: 'nophoto', textContent: 'no photo' });
  return element(
    'li', { className: 'person' },
    picture,
    element(
      'div', {},
      element('strong', { textContent: person.name }),
      element('div', { className: 'quiet', textContent: person.kind + ' · ' + person.key + ' · id ' + person.id }),
      element('div', { className: 'quiet', textContent: person.access.length ? 'Access: ' + person.access.join(', ') : 'No access' }),
      ...(passes ? [passButton(id, 'Pass the door', { key: person.key })] : []),
    ),
  );
}

function logRow(entry) {
  const time = new Date(entry.at).toLocaleTimeString('en-GB');
  return element('tr', {}, ...[time, entry.method + ' ' + entry.path, String(entry.status || '–'), entry.code]
    .map((textContent) => element('td', { textContent })));
}

async function refresh() {
  const [platforms, everybody, log, faults] = await Promise.all(
    ['/lab/platforms.json', '/lab/people.json', '/lab/log', '/lab/faults'].map(async (path) => (await fetch(path)).json()),
  );
  for (const [id, platform] of Object.entries(platforms)) {
    const people = everybody[id];
    if (!sections.has(id)) sections.set(id, section(id, platform));
    const parts = sections.get(id);
    parts.state.textContent = id + ' · ' + people.length + ' enrolled · ' + (platform.off ? 'off' : platform.url);
    const standing = faults.filter((fault) => fault.platform === id);
    // Rebuilt only when something changed, so that photos do not flicker and focus is kept.
    const seen = { people: JSON.stringify(people), log: JSON.stringify(log[id]), faults: JSON.stringify(standing) };
    if (seen.faults !== parts.seen.faults) parts.faults.replaceChildren(...standing.map((fault) => faultItem(id, fault)));
    if (seen.people !== parts.seen.people) parts.people.replaceChildren(...people.map((person) => personItem(id, person, platform.passes)));
    if (seen.log !== parts.seen.log) parts.log.replaceChildren(...log[id].slice(-12).reverse().map(logRow));
    parts.seen = seen;
  }
}

async function poll() {
  try {
    await refresh();
    if (lost) say('');
    lost = false;
  } catch {
    lost = true;
    say('The lab does not answer.');
  }
  setTimeout(poll, 1000);
}

document.getElementById('clear-faults').addEventListener('click', () => send('DELETE', '/lab/faults'));
document.getElementById('reset').addEventListener('click', () => {
  if (confirm('Forget everybody enrolled in the lab?')) send('POST', '/lab/reset');
});
poll();
`;
