// Of localhost, signed by itself, made for these tests: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes
// -days 36500 -subj /CN=localhost -addext subjectAltName=DNS:localhost

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgG2HgjPjOJeQgirdV
rTnqjrEeNdo8u2CORDY0y2t2Hq6hRANCAATYdTik+j5KokjHGWi2y/LRWMtEcOpa
nehASK7ZHxRyJlJC0g81zP27BX9qL4vyl5WXxAPUkchZzuSZB76iThWn
-----END PRIVATE KEY-----`

export const cert = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUNyuYmxvohrHPrFe+486+uITKkEUwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDIzMjEzNVoYDzIxMjYxMDMx
MjMyMTM1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATYdTik+j5KokjHGWi2y/LRWMtEcOpanehASK7ZHxRyJlJC0g81zP27
BX9qL4vyl5WXxAPUkchZzuSZB76iThWno2kwZzAdBgNVHQ4EFgQUf5zsh/0cE6mv
7jd1p3vyEJLMaTEwHwYDVR0jBBgwFoAUf5zsh/0cE6mv7jd1p3vyEJLMaTEwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhANvo/V5eRz0Bqk/RMkzaVz2+4yH5mKXmjqTY8itktDIwAiB7/p8v6b7k
rT4hWBf7CvKx9tW20d33KxrLSf5anZ297g==
-----END CERTIFICATE-----`
