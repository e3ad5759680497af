#!/usr/bin/env python3
"""seeds.py WORDS: writes the seeds of the fuzz targets into tests/fuzz/corpus/TARGET/. WORDS is the
program fuzz_words. Files that begin with seed- are this program's; others stay: they are inputs that
once broke something (crash-…), or that reach what no seed does (found-…)."""

import json
import os
import re
import subprocess
import sys

import seed_shapes

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
CORPUS = os.path.join(HERE, "corpus")
MAX_SEED = 3000
MAX_SCRIPT = 1000  # longer ones would make libFuzzer slow


def number_of(path):
    """As in body_target.cc."""
    value = 2166136261
    for byte in path.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return (value >> 16 ^ value) & 0xFFFF


def request(path, body, caller=0, steps=0):
    body = body if isinstance(body, bytes) else body.encode()
    return number_of(path).to_bytes(2, "big") + bytes([steps << 2 | caller]) + body


def requests(*each):
    return b"\xfe".join(each)


def posts_of(script):
    """Requests of a scenario that need nothing of what came before."""
    with open(script, encoding="utf-8") as file:
        text = file.read().replace("\\\n", "")
    found = re.findall(r"^post (\S+) ([^$\n]*)$", text, re.MULTILINE)
    return [(path, body) for path, body in found if len(body) < 1000]


def scripts():
    folder = os.path.join(TESTS, "scenarios")
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".chat")]


def body_seeds(words):
    examples = subprocess.run([words, "examples"], check=True, capture_output=True, text=True).stdout
    for line in examples.splitlines():
        path, body = line.split(" ", 1)
        yield "example-" + path.split("/")[1], request(path, body)
        if "msg" in path or "group" in path:
            yield "as-user-" + path.split("/")[1], request(path, body.replace("demo", "team"), caller=1)
    for script in scripts():
        parts, size = [], 0
        for number, (path, body) in enumerate(posts_of(script)):
            part = request(path, body, steps=number % 4)
            if size + len(part) > MAX_SCRIPT:
                break
            parts.append(part)
            size += len(part)
        if parts:
            yield "script-" + os.path.basename(script)[:-5], requests(*parts)
    for number, text in enumerate(seed_shapes.HOSTILE_JSON):
        yield f"hostile-{number:02}", request("recentcontact/delete", text)
    for number, member in enumerate(seed_shapes.HOSTILE_VALUES):
        body = b'{"From_Account":"id1","To_Account":"id2","MsgRandom":1,"CloudCustomData":"","MsgBody":[{"MsgType":' \
               b'"TIMCustomElem","MsgContent":{"Data":' + member + b"}}]}"
        yield f"hostile-value-{number:02}", request("openim/sendmsg", body)
    yield "kick-and-call", requests(request("im_open_login_svc/kick", '{"UserID":"admin"}'),
                                    request("im_open_login_svc/account_check", '{"CheckItem":[{"UserID":"id1"}]}'))
    yield "expiry", requests(request("recentcontact/get_list", seed_shapes.LIST),
                             request("recentcontact/get_list", seed_shapes.LIST, steps=63),
                             request("recentcontact/get_list", seed_shapes.LIST, steps=63),
                             request("recentcontact/get_list", seed_shapes.LIST, steps=63))


def message_bodies(value):
    if isinstance(value, dict):
        for name, member in value.items():
            if name == "MsgBody":
                yield json.dumps(member, ensure_ascii=False, separators=(",", ":"))
            yield from message_bodies(member)
    elif isinstance(value, list):
        for item in value:
            yield from message_bodies(item)


def element_seeds(_words):
    found = set()
    for script in scripts():
        for _path, body in posts_of(script):
            try:
                found.update(message_bodies(json.loads(body)))
            except ValueError:
                continue
    # The shortest of each shape: element and member names.
    by_shape = {}
    for text in sorted(found, key=lambda text: (len(text), text)):
        by_shape.setdefault(tuple(sorted(set(re.findall(r'"(\w+)":|"(TIM\w+)"', text)))), text)
    for number, text in enumerate(sorted(by_shape.values())):
        yield f"element-{number:03}", text.encode()
    for number, value in enumerate(seed_shapes.HOSTILE_VALUES):
        yield f"hostile-{number:02}", b'[{"MsgType":"TIMTextElem","MsgContent":{"Text":' + value + b"}}]"


def user_sig_seeds(_words):
    with open(os.path.join(TESTS, "api", "user_sig_vectors.json"), encoding="utf-8") as file:
        vectors = json.load(file)
    for group, entries in vectors.items():
        if not isinstance(entries, list):
            continue
        step = max(1, len(entries) // 12)
        for number, entry in enumerate(entries[::step]):
            text = entry.get("usersig")
            if isinstance(text, str) and len(text) < MAX_SEED:
                yield f"{group}-{number:02}", b"\x00" + text.encode()
                yield f"{group}-{number:02}-encoded", b"\x01" + seed_shapes.percent_encoded(text)
    for number, seed in enumerate(seed_shapes.user_sig_shapes()):
        yield f"shape-{number:02}", seed


def keyspaces():
    with open(os.path.join(TESTS, "..", "src", "store", "keyspaces.h"), encoding="utf-8") as file:
        return re.findall(r"Keyspace<\w+,\s*\w+>\s*\w+\{\s*'(\w)'", file.read())


def key_seeds(_words):
    for prefix in keyspaces():
        start = prefix.encode() + (88888888).to_bytes(4, "big") + b"id1\x00\x01"
        for number, rest in enumerate((b"", b"id2\x00\x01", bytes(7) + b"\x01", bytes(7) + b"\x01id2\x00\x01")):
            yield f"{prefix.islower():d}{prefix}-{number}", start + rest
    yield "zeros", b"a\x00\x00\x00\x01a\x00\xffb\x00\x01"
    yield "end", b"a" + b"\xff" * 9


def value_seeds(_words):
    for number, seed in enumerate(seed_shapes.RECORDS):
        yield f"{number:02}", seed


SEEDS = {
    "body": body_seeds,
    "elements": element_seeds,
    "http": lambda _words: seed_shapes.http_shapes(),
    "keys": key_seeds,
    "merges": value_seeds,
    "query": lambda _words: seed_shapes.query_shapes(),
    "user_sig": user_sig_seeds,
    "values": value_seeds,
}


def write(target, seeds):
    folder = os.path.join(CORPUS, target)
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        if name.startswith("seed-"):
            os.remove(os.path.join(folder, name))
    count = 0
    for name, seed in seeds:
        with open(os.path.join(folder, "seed-" + name), "wb") as file:
            file.write(seed)
        count += 1
    print(f"{target}: {count} seeds")


def main():
    for target, seeds in SEEDS.items():
        write(target, seeds(sys.argv[1]))


if __name__ == "__main__":
    main()
