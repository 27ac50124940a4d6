import { t } from '@lingui/core/macro';
import { encode } from 'uqr';

/** The quiet zone that ISO/IEC 18004 requires, in modules. */
const border = 4;

/** Dark on light in any theme: not every camera reads the inverse. */
export default function QrCode({ text }: { text: string }) {
  const { size, data } = encode(text, { ecc: 'M', border });
  const dark = data.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t`QR code for your authenticator app`} shapeRendering="crispEdges" className="size-48 rounded-lg">
      <rect width={size} height={size} fill="#fff" />
      <path d={dark} fill="#000" />
    </svg>
  );
}
