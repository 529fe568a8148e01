# Verifies each DKIM signature of each message, with keys from a file of JSON by DNS name. Prints a line for each signature.
#
#   verify-dkim.py KEYS MESSAGE...

import json
import sys

import dkim

with open(sys.argv[1]) as file:
    keys = json.load(file)


def look_up(name, timeout=5):
    return keys.get(name.decode().rstrip("."), "").encode()


for path in sys.argv[2:]:
    with open(path, "rb") as file:
        verifier = dkim.DKIM(file.read())
    signatures = [name for name, _ in verifier.headers if name.lower() == b"dkim-signature"]
    for index in range(len(signatures)):
        try:
            print("valid" if verifier.verify(index, dnsfunc=look_up) else "invalid")
        except dkim.DKIMException as error:
            print(f"invalid: {error}")
