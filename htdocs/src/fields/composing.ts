/** A key that an input method handles: it chooses, accepts or cancels a conversion. For events of the page or of React. */
export function isComposing(event: KeyboardEvent | { nativeEvent: KeyboardEvent }): boolean {
  const pressed = 'nativeEvent' in event ? event.nativeEvent : event;
  // 229: Safari ends a composition before the key event that ended it.
  return pressed.isComposing || pressed.keyCode === 229;
}
