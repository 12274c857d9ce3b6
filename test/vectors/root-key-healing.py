"""Makes root-key-healing.json: known answers of healing updates (docs/root-key-update.md, section 8).

Written from the specification alone and without the code under test. X25519, AES, CMAC and HKDF are those of
the package `cryptography` (OpenSSL); Rabbit is written here from RFC 4503 and checked, with everything else,
against the answers of plain updates in root-key-update.json.

    python3 test/vectors/root-key-healing.py > test/vectors/root-key-healing.json
"""

import hashlib
import json
import pathlib
import struct

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

NAMES = {0: "rabbit-split", 1: "rabbit", 2: "aes-cmac", 3: "hkdf-sha256"}
LABEL = b"RootKey\0"


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


class Rabbit:
    """RFC 4503 without an IV, little-endian octet order."""

    A = [0x4D34D34D, 0xD34D34D3, 0x34D34D34] * 2 + [0x4D34D34D, 0xD34D34D3]
    # Of each new state word: the two words added to g(j), with how far they are turned (section 2.6).
    MIX = [
        (7, 16, 6, 16), (0, 8, 7, 0), (1, 16, 0, 16), (2, 8, 1, 0),
        (3, 16, 2, 16), (4, 8, 3, 0), (5, 16, 4, 16), (6, 8, 5, 0),
    ]

    def __init__(self, key):
        k = struct.unpack("<8H", key)
        self.b = 0
        self.x, self.c = [], []
        for j in range(8):
            at = lambda n: k[(j + n) % 8]
            if j % 2 == 0:
                self.x.append(at(1) << 16 | at(0))
                self.c.append(at(4) << 16 | at(5))
            else:
                self.x.append(at(5) << 16 | at(4))
                self.c.append(at(0) << 16 | at(1))
        for _ in range(4):
            self.next_state()
        self.c = [c ^ self.x[(j + 4) % 8] for j, c in enumerate(self.c)]

    def next_state(self):
        for j in range(8):
            total = self.c[j] + self.A[j] + self.b
            self.b, self.c[j] = total >> 32, total & 0xFFFFFFFF
        g = []
        for x, c in zip(self.x, self.c):
            square = ((x + c) & 0xFFFFFFFF) ** 2
            g.append((square ^ square >> 32) & 0xFFFFFFFF)
        turn = lambda v, n: (v << n | v >> (32 - n)) & 0xFFFFFFFF
        self.x = [
            (g[j] + turn(g[p], m) + turn(g[q], n)) & 0xFFFFFFFF
            for j, (p, m, q, n) in enumerate(self.MIX)
        ]

    def block(self):
        self.next_state()
        x = self.x
        words = [
            x[0] ^ x[5] >> 16, x[0] >> 16 ^ x[3], x[2] ^ x[7] >> 16, x[2] >> 16 ^ x[5],
            x[4] ^ x[1] >> 16, x[4] >> 16 ^ x[7], x[6] ^ x[3] >> 16, x[6] >> 16 ^ x[1],
        ]
        return struct.pack("<8H", *(word & 0xFFFF for word in words))


def r(key):
    return Rabbit(key).block()


def cmac(key, message):
    mac = CMAC(algorithms.AES(key))
    mac.update(message)
    return mac.finalize()


def aes(key, block):
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)


def derive(suite, ka, kb, c, z):
    """The key derivation key, the new NwkKey and the new AppKey; z is empty in a plain update."""
    if suite in (0, 1):
        keying_material = ka + c + z
        f = bytes(16)
        for offset in range(0, len(keying_material), 16):
            f = r(xor(keying_material[offset : offset + 16], f))
        if suite == 0:
            nwk_key = r(f[:8] + kb[:8])
            return f, nwk_key, r(xor(nwk_key, f[8:] + kb[8:]))
        rabbit = Rabbit(xor(r(f), kb))
        return f, rabbit.block(), rabbit.block()
    if suite == 2:
        kkdk = cmac(bytes(16), ka + kb + z)
        expand = lambda i: cmac(kkdk, bytes([i]) + LABEL + c + b"\x01\x00")
        return kkdk, expand(1), expand(2)
    okm = HKDF(SHA256(), 32, None, LABEL + c).derive(ka + kb + z)
    return b"", okm[:16], okm[16:]


def fragments(message):
    padded = message + bytes(45 - len(message))
    bits = message[1] % 8
    return [
        bytes([0x82, bits << 5 | index]) + padded[9 * index : 9 * index + 9] for index in range(5)
    ]


def run(i):
    """Everything of one update; a healing one when the inputs have private keys."""
    get = lambda name: bytes.fromhex(i[name])
    is_healing = "jsPrivateKey" in i
    suite_octet = bytes([i["suite"] | (0x80 if is_healing else 0)])
    eui = get("devEui")[::-1] + get("joinEui")[::-1]
    update_id = struct.pack("<H", i["updateId"])
    binding = eui + update_id + suite_octet + get("jsNonce")
    out = {}
    z = js_public = ed_public = b""
    if is_healing:
        js = X25519PrivateKey.from_private_bytes(get("jsPrivateKey"))
        ed = X25519PrivateKey.from_private_bytes(get("edPrivateKey"))
        raw = lambda key: key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        js_public, ed_public = raw(js), raw(ed)
        z = js.exchange(X25519PublicKey.from_public_bytes(ed_public))
        assert z == ed.exchange(X25519PublicKey.from_public_bytes(js_public))
        out |= {"jsPublicKey": js_public, "edPublicKey": ed_public, "sharedSecret": z}
    context = binding + get("edNonce") + i["joinNonce"].to_bytes(3, "little") + bytes(3)
    for name in ("fNwkSIntKey", "sNwkSIntKey", "nwkSEncKey", "appSKey"):
        context += get(name)
    assert len(context) == 96
    kdk, nwk_key, app_key = derive(i["suite"], get("nwkKey"), get("appKey"), context, z)

    dev_eui = get("devEui")[::-1]
    rku_int_key = xor(
        aes(get("nwkKey"), b"\x52" + dev_eui + bytes(7)),
        aes(get("appKey"), b"\x53" + dev_eui + bytes(7)),
    )
    t = lambda x: bytes([x]) + binding + get("edNonce") + js_public + ed_public
    ready_mic = lambda x: cmac(nwk_key, t(x) + cmac(app_key, t(x)))[:4]
    request_mic = cmac(rku_int_key, b"\x80" + binding + js_public)[:4]
    request_cid, ready_cid = (b"\x83", b"\x83") if is_healing else (b"\x80", b"\x81")
    request = request_cid + update_id + suite_octet + get("jsNonce") + js_public + request_mic
    ready = ready_cid + update_id + get("edNonce") + ed_public + ready_mic(0x81)
    out |= {
        "context": context,
        "kdk": kdk,
        "newNwkKey": nwk_key,
        "newAppKey": app_key,
        "rkuIntKey": rku_int_key,
        "rootKeyUpdateReq": request,
        "newKeyReadyReq": ready,
        "newKeyReadyAns": b"\x81" + update_id + ready_mic(0x82),
    }
    out = {name: value.hex() for name, value in out.items()}
    if is_healing:
        out["rootKeyUpdateReqFragments"] = [part.hex() for part in fragments(request)]
        out["newKeyReadyReqFragments"] = [part.hex() for part in fragments(ready)]
    return out


def inputs(suite, number):
    draw = lambda name, length: hashlib.sha256(f"{suite}/{number}/{name}".encode()).digest()[:length]
    names = {
        "nwkKey": 16, "appKey": 16, "devEui": 8, "joinEui": 8, "jsNonce": 3, "edNonce": 4,
        "fNwkSIntKey": 16, "sNwkSIntKey": 16, "nwkSEncKey": 16, "appSKey": 16,
        "jsPrivateKey": 32, "edPrivateKey": 32,
    }  # fmt: skip
    values = {name: draw(name, length).hex() for name, length in names.items()}
    if number == 1:
        # A LoRaWAN 1.0.x device without GenAppKey.
        values["appKey"] = values["nwkKey"]
        values["sNwkSIntKey"] = values["nwkSEncKey"] = values["fNwkSIntKey"]
    return {
        "suite": suite,
        **values,
        "updateId": int.from_bytes(draw("updateId", 2), "big"),
        "joinNonce": int.from_bytes(draw("joinNonce", 3), "big"),
    }


def check_plain():
    file = pathlib.Path(__file__).with_name("root-key-update.json")
    for vector in json.loads(file.read_text())["vectors"]:
        assert run({"suite": vector["suite"], **vector["inputs"]}) == vector["outputs"], vector


check_plain()
vectors = []
for suite in NAMES:
    for number in (0, 1):
        values = inputs(suite, number)
        outputs = run(values)
        del values["suite"]
        vectors.append({"suite": suite, "inputs": values, "outputs": outputs})
print(
    json.dumps(
        {
            "note": "Healing updates: nonces, public keys, secrets and frames in transmission order; "
            "EUIs most significant octet first; integers as numbers.",
            "source": "root-key-healing.py beside this file",
            "suites": {str(suite): name for suite, name in NAMES.items()},
            "vectors": vectors,
        },
        indent=1,
    )
)
