/**
 * Whether this platform's URL parser refuses labels like `xn--a`, which are no punycode. Node 20 and 22 do; 24 and 26 take a
 * host that is ASCII as it is (seen with 24.21.0 and 26.10.0).
 */
export const refusesBadPunycode: boolean = (() => {
  try {
    return new URL('https://xn--a.example/') === null
  } catch {
    return true
  }
})()
