"""Makes and reads the test vectors of the reference format, with nothing but Python's standard library (3.9 or newer).

Written from src/tracking-url/token-format.md alone, so that a mistake which the specification shares with the TypeScript code
cannot hide. Each signed vector is made from its fields, down to the URL, and read back from that; each stored one likewise;
each refused one is read and must give nothing. Every vector is read in changed spellings too, which must give nothing.

    python3 test/tracking-url/read_vectors.py src/tracking-url/vectors.json
"""

import base64
import hashlib
import hmac
import json
import re
import sys
import unicodedata

MAX_URL = 8192
MAX_U32 = 4294967295
DAY = 86400
MAC_BYTES = 16
LABEL = b"mailtrace reference"
VERSION = 1
KINDS = {1: ("open", "end"), 2: ("open", "start"), 3: ("click", "html"), 4: ("click", "text")}
MODES = {1: "full", 2: "identified", 3: "day", 4: "anonymous"}
PIXELS = {"0": "end", "1": "start"}


class Bad(Exception):
    """A bad reference."""


def expect(condition, why):
    if not condition:
        raise Bad(why)


# --- names ---


def to_a_label(label):
    """UTS #46 without transitional processing, as far as the names of the vectors need it."""
    mapped = unicodedata.normalize("NFC", label.lower())
    return mapped if mapped.isascii() else "xn--" + mapped.encode("punycode").decode("ascii")


def canonical_name(name):
    labels = [to_a_label(label) for label in (name[:-1] if name.endswith(".") else name).split(".")]
    for label in labels:
        expect(re.fullmatch("[a-z0-9_-]{1,63}", label), "label")
        expect(not label.startswith("-") and not label.endswith("-"), "hyphen at an end of a label")
    expect(len(".".join(labels)) <= 253, "length of the name")
    return ".".join(labels)


# --- base64url ---


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(token):
    expect(re.fullmatch("[A-Za-z0-9_-]+", token), "alphabet")
    expect(len(token) % 4 != 1, "length of the token")
    data = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    expect(encode(data) == token, "unused bits")
    return data


# --- payload and mac ---


def number_of(table, value):
    return next(number for number, entry in table.items() if entry == value)


def place_of(claims):
    return claims["part" if claims["kind"] == "click" else "pixel"]


def write_payload(key_id, claims):
    issued_at = claims["time"]
    if claims["mode"] == "anonymous":
        issued_at -= issued_at % DAY
    ref = claims["ref"].encode("utf-8")
    kind = number_of(KINDS, (claims["kind"], place_of(claims)))
    payload = bytes([VERSION, kind, number_of(MODES, claims["mode"]), len(key_id)]) + key_id.encode("ascii")
    payload += issued_at.to_bytes(4, "big") + bytes([len(ref)]) + ref
    if claims["kind"] == "click":
        payload += claims["index"].to_bytes(4, "big") + claims["destination"].encode("utf-8")
    return payload


class Cursor:
    def __init__(self, data):
        self.data = data

    def take(self, count):
        expect(len(self.data) >= count, "ends too early")
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def number(self, size):
        return int.from_bytes(self.take(size), "big")


def read_text(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("ill-formed UTF-8") from None


def read_key_id(payload):
    cursor = Cursor(payload)
    expect(cursor.number(1) == VERSION, "version")
    cursor.take(2)
    return cursor.take(cursor.number(1))


def read_payload(payload):
    cursor = Cursor(payload)
    cursor.take(1)
    kind_number, mode_number = cursor.number(1), cursor.number(1)
    expect(kind_number in KINDS, "kind")
    expect(mode_number in MODES, "mode")
    (kind, place), mode = KINDS[kind_number], MODES[mode_number]
    expect(kind == "open" or mode != "day", "a click by the day")
    cursor.take(cursor.number(1))
    issued_at = cursor.number(4)
    expect(mode != "anonymous" or issued_at % DAY == 0, "not cut to the day")
    length = cursor.number(1)
    expect(1 <= length <= 128, "length of ref")
    claims = {"kind": kind, "mode": mode, "part" if kind == "click" else "pixel": place}
    claims.update(issuedAt=issued_at, ref=read_text(cursor.take(length)))
    if kind == "click":
        claims.update(index=cursor.number(4), destination=read_text(cursor.take(len(cursor.data))))
        expect(re.match("https?://", claims["destination"], re.IGNORECASE | re.ASCII), "destination")
    expect(cursor.data == b"", "something is left over")
    return claims


def context_of(name):
    name = name.encode("ascii")
    return bytes([len(LABEL)]) + LABEL + bytes([len(name)]) + name


def mac_of(secret, context, payload):
    return hmac.new(secret, context + payload, hashlib.sha256).digest()[:MAC_BYTES]


# --- URLs ---


def write_path(claims, token=None):
    folder, ending = ("/c/", "") if claims["kind"] == "click" else ("/o/", ".gif")
    if token is not None:
        return folder + token + ending
    if claims["kind"] == "open":
        return folder + claims["ref"] + "/" + number_of(PIXELS, claims["pixel"]) + ending
    return folder + claims["ref"] + "/" + ("t" if claims["part"] == "text" else "") + str(claims["index"])


def read_stored(path):
    open_ = re.fullmatch(r"/o/([A-Za-z0-9_-]{16,128})/([01])\.gif", path)
    if open_:
        return {"kind": "open", "pixel": PIXELS[open_[2]], "ref": open_[1]}
    click = re.fullmatch(r"/c/([A-Za-z0-9_-]{16,128})/(t?)(0|[1-9][0-9]*)", path)
    expect(click and int(click[3]) <= MAX_U32, "path")
    return {"kind": "click", "part": "text" if click[2] else "html", "ref": click[1], "index": int(click[3])}


def read_url(url, domain):
    url = re.split("[?#]", url, maxsplit=1)[0]
    expect(len(url) <= MAX_URL, "length of the URL")
    origin = next((o for o in ("https://" + domain["host"], "http://" + domain["host"]) if url.startswith(o + "/")), None)
    expect(origin is not None, "scheme or host")
    path = url[len(origin) :]
    signed = re.fullmatch(r"/c/([A-Za-z0-9_-]+)|/o/([A-Za-z0-9_-]+)\.gif", path)
    if not signed:
        return read_stored(path)

    data = decode(signed[1] or signed[2])
    payload, mac = data[:-MAC_BYTES], data[-MAC_BYTES:]
    secret = domain["secrets"].get(read_key_id(payload))
    expect(secret is not None, "key id")
    expect(hmac.compare_digest(mac, mac_of(secret, context_of(domain["canonicalName"]), payload)), "mac")
    claims = read_payload(payload)
    expect(claims["kind"] == ("click" if signed[1] else "open"), "kind does not fit the path")
    return claims


# --- the vectors ---


def is_bad(url, domain):
    try:
        read_url(url, domain)
        return False
    except Bad:
        return True


def check_url(url, claims, domain):
    for spelling in (url, url + "?a=b#c", url + "#", "http" + url[len("https") :]):
        assert read_url(spelling, domain) == claims, spelling
    middle = len(url) - 9
    for spelling in (
        url + "/",
        url + "\n",
        url + "%20",
        " " + url,
        url.upper(),
        url[:middle] + "\n" + url[middle:],
        url.replace("https://", "https://user@"),
        url.replace("https://", "https:\\\\"),
        url.replace("/c/", "/x/../c/").replace("/o/", "/./o/"),
        url.replace("/c/", "/o/") if "/c/" in url else url.replace("/o/", "/c/"),
    ):
        assert is_bad(spelling, domain), spelling


def check_signed(vector, domain):
    names = ("kind", "mode", "part", "pixel", "issuedAt", "ref", "index", "destination")
    claims = {name: vector[name] for name in names if name in vector}
    context = context_of(domain["canonicalName"])
    payload = write_payload(vector["keyId"], vector)
    mac = mac_of(domain["secrets"][vector["keyId"].encode("ascii")], context, payload)
    token = encode(payload + mac)
    url = "https://" + domain["host"] + write_path(claims, token)
    made = {"context": context.hex(), "payload": payload.hex(), "mac": mac.hex(), "token": token, "url": url}
    assert made == {name: vector[name] for name in made}, vector["name"]
    check_url(url, claims, domain)
    data = decode(token)
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        assert is_bad("https://" + domain["host"] + write_path(claims, encode(bytes(changed))), domain), bit


def check_stored(vector, domain):
    claims = {name: vector[name] for name in ("kind", "part", "pixel", "ref", "index") if name in vector}
    assert "https://" + domain["host"] + write_path(claims) == vector["url"], vector["name"]
    check_url(vector["url"], claims, domain)
    check_url(vector["url"], claims, {**domain, "secrets": {}})


def main(path):
    with open(path, encoding="utf-8") as file:
        vectors = json.load(file)
    domains = vectors["domains"]
    for label, domain in domains.items():
        assert canonical_name(domain["name"]) == domain["canonicalName"], label
        domain["secrets"] = {
            key["id"].encode("ascii"): (
                key["secretText"].encode("utf-8") if "secretText" in key else bytes.fromhex(key["secretHex"])
            )
            for key in domain["keys"]
        }
    for vector in vectors["signed"]:
        check_signed(vector, domains[vector["domain"]])
    for vector in vectors["stored"]:
        check_stored(vector, domains[vector["domain"]])
    for vector in vectors["refused"]:
        assert is_bad(vector["url"], domains[vector["domain"]]), vector["reason"]
    print(", ".join(f"{len(vectors[kind])} {kind}" for kind in ("signed", "stored", "refused")))


if __name__ == "__main__":
    main(sys.argv[1])
