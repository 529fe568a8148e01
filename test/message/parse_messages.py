"""Reads messages, one in base64 a line, and writes what Python's email package sees in each, as JSON a line."""

import base64
import json
import sys
from email import message_from_bytes
from email.policy import compat32


def text(data):
    return data.decode("latin-1")


def nodes(part, depth):
    headers = [[name, str(value)] for name, value in part.raw_items()]
    children = part.get_payload() if part.is_multipart() else []
    content = None if part.is_multipart() else text(part.get_payload(decode=True) or b"")
    yield {"depth": depth, "type": part.get_content_type(), "headers": headers, "content": content}
    for child in children:
        yield from nodes(child, depth + 1)


for line in sys.stdin:
    message = message_from_bytes(base64.b64decode(line), policy=compat32)
    print(json.dumps(list(nodes(message, 0))))
