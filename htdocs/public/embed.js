// The chat as a panel in any page of the same site:
//
//   <script src="/embed.js" defer></script>
//
// It lives in a shadow root and sets its style by script alone, so it neither meets the page's styles nor needs an exception
// in the page's Content-Security-Policy: script-src and frame-src have to allow the own origin, that is all.
(() => {
  const script = document.currentScript;
  const base = new URL('./', script.src);
  const chinese = /^zh\b/i.test(document.documentElement.lang || navigator.language);
  const words = chinese
    ? { open: '打开聊天', close: '关闭聊天', whole: '在整页中打开', title: '聊天' }
    : { open: 'Open the chat', close: 'Close the chat', whole: 'Open as a page', title: 'Chat' };
  const title = script.dataset.title ?? words.title;

  const style = `
    :host { all: initial; color-scheme: light dark; font: 500 15px/1.4 system-ui, sans-serif; }
    * { box-sizing: border-box; }
    button, a { all: unset; display: grid; place-items: center; cursor: pointer; }
    :focus-visible { outline: 2px solid light-dark(#a65a07, #f0b25f); outline-offset: 2px; }
    svg { width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
    .launcher, .panel { position: fixed; right: 20px; z-index: 2147483000; box-shadow: 0 2px 6px #0002, 0 12px 36px #0003; }
    .launcher { bottom: 20px; width: 56px; height: 56px; border-radius: 50%;
      background: light-dark(#9a5206, #edaa52); color: light-dark(#fffaf2, #251703); }
    .launcher svg { width: 26px; height: 26px; }
    .panel { bottom: 20px; width: min(420px, calc(100vw - 40px)); height: min(680px, calc(100dvh - 40px)); border-radius: 16px;
      overflow: hidden; display: flex; flex-direction: column; background: light-dark(#fcfbf8, #191715);
      color: light-dark(#221d17, #ece6dc); border: 1px solid light-dark(#e2dcd0, #322d28); }
    .panel > header { display: flex; align-items: center; gap: 4px; padding: 6px 8px 6px 16px;
      border-bottom: 1px solid light-dark(#e2dcd0, #322d28); background: light-dark(#f4f1eb, #131110); }
    .panel > header > span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .panel > header > :is(a, button) { width: 40px; height: 40px; border-radius: 8px; }
    .panel > header > :is(a, button):hover { background: light-dark(#eae5dc, #25221e); }
    iframe { flex: 1; width: 100%; border: 0; }
    [hidden] { display: none !important; }
    @media (max-width: 30rem) {
      .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; padding-top: env(safe-area-inset-top); }
    }`;

  const icons = {
    chat: 'M21 12a8 8 0 0 1-8 8H4l2-3a8 8 0 1 1 15-5z',
    whole: 'M15 4h5v5M20 4l-9 9M19 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2h4',
    close: 'M6 6l12 12M18 6 6 18',
  };

  /** What the panel remembers from one page of the site to the next. */
  const memory = {
    read(name) {
      try {
        return sessionStorage.getItem(`lamplight.embed.${name}`);
      } catch {
        return null; // storage is blocked: the panel starts closed on every page
      }
    },
    write(name, value) {
      try {
        sessionStorage.setItem(`lamplight.embed.${name}`, value);
      } catch {
        // As above.
      }
    },
  };

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function icon(path) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    svg.setAttribute('viewBox', '0 0 24 24');
    svg.setAttribute('aria-hidden', 'true');
    line.setAttribute('d', path);
    svg.append(line);
    return svg;
  }

  const launcher = element('button', { type: 'button', class: 'launcher', 'aria-label': words.open, title: words.open }, icon(icons.chat));
  const close = element('button', { type: 'button', 'aria-label': words.close, title: words.close }, icon(icons.close));
  const whole = element('a', { href: base.href, target: '_blank', rel: 'noopener', 'aria-label': words.whole, title: words.whole }, icon(icons.whole));
  const heading = element('span', {});
  heading.textContent = title;
  const panel = element('section', { class: 'panel', 'aria-label': title }, element('header', {}, heading, whole, close));
  panel.hidden = true;

  /** Made when the panel is first opened, so that a page whose reader does not chat loads nothing more. */
  let frame = null;

  function makeFrame() {
    const start = memory.read('address') ?? '';
    const address = new URL(start, base);
    frame = element('iframe', { title, src: address.href.startsWith(base.href) ? address.href : base.href, allow: 'clipboard-write' });
    panel.append(frame);
  }

  function show(open) {
    if (open && frame === null) makeFrame();
    panel.hidden = !open;
    launcher.hidden = open;
    memory.write('open', open ? 'yes' : 'no');
  }

  launcher.addEventListener('click', () => {
    show(true);
    close.focus();
  });
  close.addEventListener('click', () => {
    show(false);
    launcher.focus();
  });
  panel.addEventListener('keydown', (event) => event.key === 'Escape' && close.click());
  whole.addEventListener('click', () => {
    if (frame !== null) whole.href = frame.contentWindow.location.href;
  });
  window.addEventListener('pagehide', () => {
    if (frame !== null) memory.write('address', frame.contentWindow.location.href);
  });

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  const host = document.createElement('lamplight-chat');
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sheet];
  root.append(panel, launcher);
  document.body.append(host);
  if (memory.read('open') === 'yes') show(true);
})();
