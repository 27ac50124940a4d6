// What cannot wait for the application. An external file, because the policy of the page allows no inline script.
try {
  // Before anything is painted, so that a chosen theme never flashes.
  const theme = localStorage.getItem('lamplight.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

  // What the application will ask for is fetched beside it, and not after it has found out: the texts in the reader's language, and
  // for somebody who is logged in the workspace, what replies are drawn with, and the next access token (api/token.ts takes it from
  // here). The large ones must not hold up what index.html itself names.
  const { base } = document.documentElement.dataset;
  const { workspace, markdown, ...texts } = document.querySelector('script[data-workspace]').dataset;
  const fetchAhead = (paths, fetchPriority) => {
    for (const path of paths.split(' '))
      document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: base + path, fetchPriority }));
  };
  const chosen = /"chosen":"([^"]+)"/.exec(localStorage.getItem('lamplight.language'))?.[1];
  fetchAhead(texts[(chosen ?? navigator.language).slice(0, 2).toLowerCase()] ?? texts.en, 'high'); // a guess: a wrong one costs little
  if (localStorage.getItem('lamplight.login') !== null && localStorage.getItem('lamplight.leaving') === null) {
    fetchAhead(workspace, 'low');
    const refresh = () => fetch(`${base}api/auth/refresh`, { method: 'POST' });
    window.lamplightRefresh = navigator.locks === undefined ? refresh() : navigator.locks.request('lamplight.refresh', refresh);
    window.lamplightRefresh.catch(() => {}); // told by the one who takes it
    fetchAhead(markdown, 'low');
  }
} catch {
  // Storage is blocked: the system's scheme is used, and the application finds out by itself.
}
