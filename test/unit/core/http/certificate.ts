/** A self-signed certificate for the made-up host journey.test, and its key: for tests alone, valid for 100 years. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBnjCCAUSgAwIBAgIUa0LNioX8zpAS5oUGvz38xGlTGuMwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMam91cm5leS50ZXN0MCAXDTI2MTEyMzIwNTcwMFoYDzIxMjYx
MDMwMjA1NzAwWjAXMRUwEwYDVQQDDAxqb3VybmV5LnRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQPgTg/2QQWtdj9bqPZzu+c/0Q0K1S7BnH1vRk6RHwXcryy
+tDKJu07V89KNhuahgvtMuCOChCkn7r3aKB+GVHko2wwajAdBgNVHQ4EFgQUoh5Z
cOL0LTqIeZFTDaKenGX/mxswHwYDVR0jBBgwFoAUoh5ZcOL0LTqIeZFTDaKenGX/
mxswDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggxqb3VybmV5LnRlc3QwCgYI
KoZIzj0EAwIDSAAwRQIhANCzBzuu791twzJKVXvW3DAmjepeZCIRq9r3A+gvJ8kh
AiBgJ41rbdJkbqoPkvJ0KLvt5/B/DFNqw0wE1joYANFQLw==
-----END CERTIFICATE-----`;

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCjWtMKujkr+Y5nwr
2ic8p7LNx5HuGRp0rQ3n3fs+t+yhRANCAAQPgTg/2QQWtdj9bqPZzu+c/0Q0K1S7
BnH1vRk6RHwXcryy+tDKJu07V89KNhuahgvtMuCOChCkn7r3aKB+GVHk
-----END PRIVATE KEY-----`;
