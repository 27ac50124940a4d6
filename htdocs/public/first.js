// What cannot wait for the application. An external file, because the policy of the page allows no inline script.
try {
  // Before anything is painted, so that a chosen theme never flashes.
  const theme = localStorage.getItem('lamplight.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;

  // Somebody who is logged in needs more than the sign-in page: it is fetched beside the application and not after it has
  // found out. What a reply is drawn with may come last, since its text can be read without.
  if (localStorage.getItem('lamplight.login') !== null) {
    const { base } = document.documentElement.dataset;
    const { workspace, en, zh, markdown } = document.querySelector('script[data-workspace]').dataset;
    const chosen = /"chosen":"([^"]+)"/.exec(localStorage.getItem('lamplight.language'))?.[1];
    const speaksChinese = /^zh/.test(chosen ?? navigator.language); // a guess, since a wrong one costs little
    const fetchAhead = (paths, fetchPriority) => {
      for (const path of paths.split(' '))
        document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: base + path, fetchPriority }));
    };
    fetchAhead(workspace, 'high');
    fetchAhead(speaksChinese ? zh : en, 'high');
    fetchAhead(markdown, 'low');
  }
} catch {
  // Storage is blocked: the system's scheme is used, and the application finds out by itself.
}
