"""Reads the test vectors of the reference format, with nothing but Python's standard library.

Written from src/tracking-url/token-format.md alone, so that a mistake shared by the specification and the TypeScript code
cannot hide. For each signed vector it builds the context, the payload, the MAC and the URL from the fields, and reads
the fields back from the URL; then it reads every refused URL and expects nothing.

    python3 test/tracking-url/read_vectors.py src/tracking-url/vectors.json
"""

import base64
import hashlib
import hmac
import json
import re
import sys
import unicodedata

LABEL = b"mailtrace reference"
VERSION = 1
KINDS = {1: ("open", None), 2: ("click", "html"), 3: ("click", "text")}
MAC_BYTES = 16
MAX_U32 = 0xFFFFFFFF


# --- context, payload, MAC ---------------------------------------------------------------------------------------------


def canonical_name(name):
    """Lower-case A-labels without trailing dot: enough of UTS #46 (non-transitional) for the names in the vectors."""
    labels = unicodedata.normalize("NFKC", name).lower().removesuffix(".").split(".")
    return ".".join(l if l.isascii() else "xn--" + l.encode("punycode").decode() for l in labels)


def context_of(name):
    encoded = name.encode("ascii")
    return bytes([len(LABEL)]) + LABEL + bytes([len(encoded)]) + encoded


def mac_of(secret, context, payload):
    return hmac.new(secret, context + payload, hashlib.sha256).digest()[:MAC_BYTES]


def write_payload(key_id, reference):
    kind = next(code for code, (kind, part) in KINDS.items() if (kind, part) == (reference["kind"], reference.get("part")))
    key_id, message_ref = key_id.encode(), reference["messageRef"].encode()
    payload = bytes([VERSION, kind, len(key_id)]) + key_id
    payload += reference["issuedAt"].to_bytes(4, "big") + bytes([len(message_ref)]) + message_ref
    if reference["kind"] == "click":
        payload += reference["index"].to_bytes(4, "big") + reference["destination"].encode()
    return payload


class Refused(Exception):
    pass


class Reader:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Refused("ends too early")
        taken = self.data[self.at : self.at + count]
        self.at += count
        return taken

    def byte(self):
        return self.take(1)[0]

    def u32(self):
        return int.from_bytes(self.take(4), "big")

    def rest(self):
        return self.take(len(self.data) - self.at)


def text(data, least, most=None):
    if len(data) < least or (most is not None and len(data) > most):
        raise Refused("length out of range")
    try:
        return data.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise Refused("ill-formed UTF-8") from None


def read_token(token, domain):
    if not re.fullmatch("[A-Za-z0-9_-]*", token, re.ASCII) or len(token) % 4 == 1:
        raise Refused("not base64url")
    data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    if encode(data) != token:
        raise Refused("unused bits are not zero")
    if len(data) < MAC_BYTES:
        raise Refused("shorter than a MAC")
    payload, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]

    reader = Reader(payload)
    if reader.byte() != VERSION:
        raise Refused("unknown version")
    kind = reader.byte()
    key_id = reader.take(reader.byte())
    secret = domain["secrets"].get(key_id)
    if secret is None:
        raise Refused("unknown key id")
    if not hmac.compare_digest(mac, mac_of(secret, domain["context"], payload)):
        raise Refused("wrong MAC")

    if kind not in KINDS:
        raise Refused("unknown kind")
    name, part = KINDS[kind]
    reference = {"kind": name, "issuedAt": reader.u32()}
    reference["messageRef"] = text(reader.take(reader.byte()), 1, 128)
    if name == "click":
        reference |= {"part": part, "index": reader.u32(), "destination": text(reader.rest(), 1)}
    elif reader.rest():
        raise Refused("bytes after the messageRef")
    return key_id.decode(), reference


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


# --- URLs --------------------------------------------------------------------------------------------------------------


def write_signed_url(host, kind, token):
    return f"https://{host}/c/{token}" if kind == "click" else f"https://{host}/o/{token}.gif"


def write_stored_url(host, reference):
    if reference["kind"] == "open":
        return f"https://{host}/o/{reference['messageRef']}/0.gif"
    marker = "t" if reference["part"] == "text" else ""
    return f"https://{host}/c/{reference['messageRef']}/{marker}{reference['index']}"


def read_url(url, domain):
    """Gives (key id or None for a stored reference, reference), or raises Refused."""
    if len(url) > 8192:
        raise Refused("too long")
    parts = re.fullmatch(r"https?://([^/?#]*)(/[^?#]*)(?:\?[^#]*)?", url)
    if not parts or parts[1] != domain["host"]:
        raise Refused("not on this host")
    path = parts[2]
    if match := re.fullmatch(r"/c/([^/]*)", path):
        key_id, reference = read_token(match[1], domain)
        expected = "click"
    elif match := re.fullmatch(r"/o/([^/]*)\.gif", path):
        key_id, reference = read_token(match[1], domain)
        expected = "open"
    elif match := re.fullmatch(r"/c/([A-Za-z0-9_-]{16,128})/(t?)(0|[1-9][0-9]{0,9})", path, re.ASCII):
        index = int(match[3])
        if index > MAX_U32:
            raise Refused("index out of range")
        return None, {"kind": "click", "part": "text" if match[2] else "html", "messageRef": match[1], "index": index}
    elif match := re.fullmatch(r"/o/([A-Za-z0-9_-]{16,128})/0\.gif", path, re.ASCII):
        return None, {"kind": "open", "messageRef": match[1]}
    else:
        raise Refused("no such path")
    if reference["kind"] != expected:
        raise Refused("kind does not fit the path")
    return key_id, reference


# --- the vectors -------------------------------------------------------------------------------------------------------


def fields(vector):
    names = ("kind", "part", "issuedAt", "messageRef", "index", "destination")
    return {name: vector[name] for name in names if name in vector}


def read_domain(domain):
    secrets = {}
    for key in domain["keys"]:
        secret = key["secretText"].encode() if "secretText" in key else bytes.fromhex(key["secretHex"])
        assert len(secret) >= 32 and re.fullmatch("[A-Za-z0-9_-]{1,32}", key["id"], re.ASCII), key["id"]
        secrets[key["id"].encode()] = secret
    return {"host": domain["host"], "context": context_of(domain["canonicalName"]), "secrets": secrets}


def expect(actual, expected, what):
    if actual != expected:
        sys.exit(f"{what}:\n  expected {expected!r}\n  got      {actual!r}")


def expect_refused(url, domain, what):
    try:
        read = read_url(url, domain)
    except Refused:
        return
    sys.exit(f"{what}: {url} was read as {read!r}")


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    domains = {label: read_domain(domain) for label, domain in vectors["domains"].items()}
    for domain in vectors["domains"].values():
        expect(canonical_name(domain["name"]), domain["canonicalName"], "canonical name")

    for vector in vectors["signed"]:
        name, domain, reference = vector["name"], domains[vector["domain"]], fields(vector)
        secret = domain["secrets"][vector["keyId"].encode()]
        payload = write_payload(vector["keyId"], reference)
        mac = mac_of(secret, domain["context"], payload)
        expect(domain["context"].hex(), vector["context"], f"{name}: context")
        expect(payload.hex(), vector["payload"], f"{name}: payload")
        expect(mac.hex(), vector["mac"], f"{name}: MAC")
        expect(encode(payload + mac), vector["token"], f"{name}: token")
        expect(write_signed_url(domain["host"], vector["kind"], vector["token"]), vector["url"], f"{name}: URL")
        for url in (vector["url"], vector["url"] + "?utm_source=gateway", vector["url"].replace("https:", "http:")):
            expect(read_url(url, domain), (vector["keyId"], reference), f"{name}: reading")
        for label, other in domains.items():
            if label != vector["domain"]:
                expect_refused(vector["url"], other | {"host": domain["host"]}, f"{name}, under {label}")

    for vector in vectors["stored"]:
        domain, reference = domains[vector["domain"]], fields(vector)
        expect(write_stored_url(domain["host"], reference), vector["url"], f"stored, {vector['name']}: URL")
        expect(read_url(vector["url"], domain), (None, reference), f"stored, {vector['name']}: reading")

    for vector in vectors["refused"]:
        expect_refused(vector["url"], domains[vector["domain"]], vector["reason"])

    print(f"{len(vectors['signed'])} signed, {len(vectors['stored'])} stored, {len(vectors['refused'])} refused")


if __name__ == "__main__":
    main(sys.argv[1])
