// Loaded before anything is painted, so that a chosen theme never flashes. An external file because the CSP allows no inline script.
try {
  const theme = localStorage.getItem('lamplight.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's scheme is used.
}
