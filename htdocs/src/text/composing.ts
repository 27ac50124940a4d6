/** A key that an input method uses: it chooses, takes or gives up a conversion. Of a page's or of React's events. */
export function isComposing(event: KeyboardEvent | { nativeEvent: KeyboardEvent }): boolean {
  const pressed = 'nativeEvent' in event ? event.nativeEvent : event;
  // 229: Safari ends a composition before the key that ended it.
  return pressed.isComposing || pressed.keyCode === 229;
}
