#!/usr/bin/env python3
"""Puts the numbers of build/bench*.json into docs/performance.md and draws its charts, so that no
number is typed by hand. What has not been measured here stays as it is."""

import re

from chart import line_chart, save
from program import ROOT
from results import read_json

PAGE = ROOT / "docs/performance.md"
CHARTS = ROOT / "docs/performance"

# (job, connections) -> least share of nginx, greatest p99 in ms.
FLOORS = {
    ("no_storage", 64): (0.85, None),
    ("delete", 64): (0.22, 4),
    ("delete", 256): (0.35, 8),
    ("delete_hot", 64): (0.20, None),
    ("send_c2c", 256): (0.15, None),
    ("get_list_100", 64): (0.15, None),
    ("roam_20", 64): (0.20, None),
    ("roam_page", 64): (0.06, None),
}
HTTPS_FLOOR = 0.60  # of delete's throughput, by CPU

GROWTH = {
    "delete": "deleting a conversation of so many messages",
    "read_after_delete": "reading its history afterwards",
    "delete_group": "a member deletes a group's conversation of so many messages",
    "send_group": "a message to a group of so many members",
    "get_list": "first page of so many conversations",
}

# File, title, what is counted, lines.
CHARTS_OF_GROWTH = [
    (
        "delete",
        "Deleting a conversation",
        "messages in it",
        ["delete", "read_after_delete", "delete_group"],
    ),
    ("send_group", "A message to a group", "members", ["send_group"]),
    ("get_list", "First page of a list", "conversations in it", ["get_list"]),
]


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def measured(run):
    return f"Measured on {run['date']} at {run['commit']}: {run['machine']}."


def yes_or_no(holds):
    return "yes" if holds else "**no**"


def calls(run):
    rows = []
    by_job = {(each["job"], each["connections"]): each for each in run["results"]}
    for key, each in by_job.items():
        best = max(each["ratio"], each["cpu_ratio"])
        share, p99 = FLOORS.get(key, (None, None))
        floor, met = "", ""
        if share is not None:
            floor = f"{share:.2f}" + (f", p99 {p99} ms" if p99 else "")
            met = yes_or_no(best >= share and (p99 is None or each["p99_ms"] <= p99))
        numbers = [f"{each[name]:.2f}" for name in ("ratio", "cpu_ratio", "p50_ms", "p99_ms")]
        more = [f"{each['cpu_us']:.1f}", f"{each['writes_per_request']:.2f}"]
        rows.append([each["job"], each["connections"], *numbers, *more, floor, met])
    plain, tls = by_job.get(("delete", 256)), by_job.get(("delete_https", 256))
    if plain and tls:
        share = plain["cpu_us"] / tls["cpu_us"]
        met = yes_or_no(share >= HTTPS_FLOOR)
        name = "delete_https / delete"
        nothing = [""] * 4
        rows.append([name, 256, "", f"{share:.2f}", *nothing, f"{HTTPS_FLOOR:.2f}", met])
    header = ["job", "connections", "ratio", "CPU ratio", "p50 ms", "p99 ms", "CPU us"]
    return table([*header, "writes", "floor", "met"], rows)


def lines_of(rows, *names):
    return {
        name: [(each["size"], each["cpu_us"]) for each in rows if each["what"] == name]
        for name in names
        if any(each["what"] == name for each in rows)
    }


def growth(run):
    results = run["results"]
    rows = []
    for each in results["rows"]:
        p50 = "" if each["p50_ms"] is None else f"{each['p50_ms']:.2f}"
        rows.append([GROWTH[each["what"]], f"{each['size']:,}", f"{each['cpu_us']:.1f}", p50])
    found = [[GROWTH[what], f"{factor:.2f}"] for what, factor in results["factors"].items()]
    parts = [
        table(["what", "size", "CPU us", "p50 ms"], rows),
        table(["what", "largest / smallest"], found),
    ]
    parts += [draw(results["rows"], *chart) for chart in CHARTS_OF_GROWTH]
    return "\n\n".join(part for part in parts if part)


def draw(rows, file, title, x_label, names):
    series = lines_of(rows, *names)
    if not series:
        return None
    sizes = sorted({x for line in series.values() for x, _ in line})
    named = {name.replace("_", " "): line for name, line in series.items()}
    svg = line_chart(title, x_label, "CPU us per request", named, log_x=True, x_ticks=sizes)
    return picture(file, f"{title}: CPU by {x_label}", svg)


def picture(file, words, svg):
    save(CHARTS / f"{file}.svg", svg)
    return f"![{words}](performance/{file}.svg)"


def space(run):
    found = run["results"]["space"]
    if not found:
        return None
    megabytes = {"on disk": "disk", "live entries": "live", "dead entries": "dead"}
    series = {
        name: [(each["seconds"], each[key] / 1e6) for each in found["curve"]]
        for name, key in megabytes.items()
    }
    svg = line_chart("Space of a cleared conversation", "seconds after clearing", "MB", series)
    rows = [
        ["disk bytes of an empty store", f"{found['bytes_empty'] / 1e6:.0f} MB"],
        [f"with {found['messages']:,} messages", f"{found['bytes_before'] / 1e6:.0f} MB"],
        ["after clearing", f"{found['bytes_after'] / 1e6:.0f} MB"],
        ["seconds until then", f"{found['seconds']:.0f}" + ("" if found["is_back"] else ", gave up")],
        ["others' p50 / p99 before", pair(found, "usual")],
        ["others' p50 / p99 meanwhile", pair(found, "meanwhile")],
    ]
    return table(["what", "value"], rows) + "\n\n" + picture("space", "Bytes of the store", svg)


def pair(found, name):
    return f"{found[name + '_p50_ms']:.2f} / {found[name + '_p99_ms']:.2f} ms"


def costs(run):
    digits = {"s": 2, "MB": 1, "us": 0, "/s": 0}
    rows = [
        [each["name"], f"{each['value']:,.{digits[each['unit']]}f} {each['unit']}"]
        for each in run["results"]
    ]
    return table(["what", "value"], rows)


def peers(run):
    rows = [
        [
            f"{each['operation']}{' ' + format(each['history'], ',') if each['history'] else ''}",
            each["connections"],
            each["server"],
            f"{each['rate']:,.1f}",
            f"{each['p50_ms']:,.1f}",
            f"{each['p99_ms']:,.1f}",
            f"{each['cpu_us']:,.0f}",
        ]
        for each in sorted(run["results"], key=lambda each: (each["operation"] != "send", each["history"] or 0, each["connections"]))
    ]
    return table(["what", "connections", "server", "a second", "p50 ms", "p99 ms", "CPU us"], rows)


SECTIONS = {
    "calls": ("bench", calls),
    "growth": ("bench-growth", growth),
    "space": ("bench-growth", space),
    "costs": ("bench-costs", costs),
    "peers": ("bench-peers", peers),
}


def fill(page, section, content):
    begin, end = f"<!-- {section}: bench/report.py writes this -->", f"<!-- end of {section} -->"
    if begin not in page or end not in page:
        raise RuntimeError(f"{PAGE}: no place for {section}")
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    return re.sub(pattern, lambda _: f"{begin}\n\n{content}\n\n{end}", page, flags=re.DOTALL)


def main():
    page = PAGE.read_text()
    for section, (file, render) in SECTIONS.items():
        run = read_json(file)
        content = render(run) if run else None
        if content is None:
            print(f"{section}: not measured, left as it is")
            continue
        page = fill(page, section, f"{measured(run)}\n\n{content}")
        print(f"{section}: {run['date']}, {run['commit']}")
    PAGE.write_text(page)


if __name__ == "__main__":
    main()
