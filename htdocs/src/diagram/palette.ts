import type { Scheme } from './protocol';

/** The page's colours (styles.css) under mermaid's names; mermaid derives others from them, so they are plain hex. */
const palettes = {
  light: {
    page: '#fcfbf8', panel: '#f4f1eb', raised: '#ffffff', line: '#9a8f7f', soft: '#655b4f', ink: '#221d17',
    glow: '#fbefdc', accent: '#a65a07',
    hues: ['#f7ddb4', '#cfe3da', '#d5dcef', '#f1d3cd', '#e3d6ea', '#dde3bf', '#cfe2ea', '#efd9c0'],
  },
  dark: {
    page: '#191715', panel: '#23201d', raised: '#2f2a25', line: '#7d7265', soft: '#aea393', ink: '#ece6dc',
    glow: '#3a2d1b', accent: '#f0b25f',
    hues: ['#5c421d', '#2a4a40', '#333f60', '#5d342d', '#4a3956', '#454c24', '#284753', '#59422b'],
  },
};

export function paletteOf(scheme: Scheme): Record<string, string | boolean> {
  const { page, panel, raised, line, soft, ink, glow, accent, hues } = palettes[scheme];
  const numbered = (name: string): Record<string, string> =>
    Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${name}${n}`, hues[n % hues.length] ?? glow]));
  const inked = (name: string): Record<string, string> => Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${name}${n}`, ink]));
  return {
    darkMode: scheme === 'dark',
    background: page,
    fontSize: '15px',
    primaryColor: glow, primaryTextColor: ink, primaryBorderColor: accent,
    secondaryColor: panel, secondaryTextColor: ink, secondaryBorderColor: line,
    tertiaryColor: raised, tertiaryTextColor: ink, tertiaryBorderColor: line,
    mainBkg: glow, nodeBorder: accent, nodeTextColor: ink,
    lineColor: soft, textColor: ink, titleColor: ink, edgeLabelBackground: page,
    clusterBkg: panel, clusterBorder: line,
    noteBkgColor: panel, noteTextColor: ink, noteBorderColor: line,
    actorBkg: glow, actorBorder: accent, actorTextColor: ink, actorLineColor: line, signalColor: soft, signalTextColor: ink,
    labelBoxBkgColor: panel, labelBoxBorderColor: line, labelTextColor: ink, loopTextColor: ink,
    activationBkgColor: raised, activationBorderColor: line, sequenceNumberColor: page,
    sectionBkgColor: panel, altSectionBkgColor: page, sectionBkgColor2: glow, gridColor: line, taskBkgColor: glow,
    taskBorderColor: accent, taskTextColor: ink, taskTextOutsideColor: ink, taskTextLightColor: ink, taskTextDarkColor: ink,
    activeTaskBkgColor: hues[0] ?? glow, activeTaskBorderColor: accent, doneTaskBkgColor: panel, doneTaskBorderColor: line,
    critBkgColor: hues[3] ?? glow, critBorderColor: line, todayLineColor: accent,
    classText: ink, labelColor: ink, attributeBackgroundColorOdd: page, attributeBackgroundColorEven: panel,
    rowOdd: page, rowEven: panel,
    pieTitleTextColor: ink, pieSectionTextColor: ink, pieLegendTextColor: ink, pieStrokeColor: page, pieOuterStrokeColor: line,
    pieOpacity: '1', pieStrokeWidth: '2px',
    ...numbered('cScale'), ...inked('cScaleLabel'), ...numbered('fillType'), ...numbered('git'), ...inked('gitBranchLabel'),
    ...Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`pie${n + 1}`, hues[n % hues.length] ?? glow])),
  };
}
