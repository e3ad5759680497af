"""How fast the disk space of a cleared conversation comes back while the server goes on serving."""

import statistics
import time

from prepare import Data, text_message
from program import disk_bytes, settle, Confab
from wire import Wire

LEFT = 0.1  # of what the messages added; less counts as back
SLACK = 4 << 20
AT_MOST = 900  # seconds
PAUSE = 0.02  # between two requests of those who go on


class Others:
    """Two accounts whose messages and reads go on, so that their waiting can be told."""

    def __init__(self, confab, data):
        data.accounts(["other1", "other2"])
        self.wire = Wire(confab)
        self.number = 0

    def latencies(self, seconds):
        """Milliseconds of sending and of reading, in turn."""
        found = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.number += 1
            begin = time.perf_counter()
            self.wire.send([self.request()])
            self.wire.finish(1)
            found.append((time.perf_counter() - begin) * 1e3)
            time.sleep(PAUSE)
        return found

    def request(self):
        if self.number % 2:
            body = {"From_Account": "other1", "To_Account": "other2"}
            return self.wire.encode("openim/sendmsg", body | text_message("hello", self.number))
        return self.wire.encode(
            "openim/get_c2c_unread_msg_num", {"To_Account": "other1"}
        )


def give_back(directory, count):
    """With the reclaim's settings at their defaults: what `count` messages need, and for how long
    after both sides have cleared them."""
    with Confab(directory) as confab:
        data = Data(confab)
        data.accounts(["id1", "id2"])
        empty = disk_bytes(directory)
        data.messages("id1", "id2", count)
        settle(confab.pid)
        full = disk_bytes(directory)
        others = Others(confab, data)
        usual = others.latencies(5)
        for owner, peer in (("id1", "id2"), ("id2", "id1")):
            confab.call(
                "recentcontact/delete", From_Account=owner, Type=1, To_Account=peer, ClearRamble=1
            )
        begin = time.monotonic()
        curve, meanwhile = [(0.0, full, kinds(confab))], []
        wanted = empty + (full - empty) * LEFT + SLACK
        while curve[-1][1] > wanted and curve[-1][0] < AT_MOST:
            meanwhile += others.latencies(1)
            curve.append((time.monotonic() - begin, disk_bytes(directory), kinds(confab)))
    return {
        "messages": count,
        "bytes_empty": empty,
        "bytes_before": full,
        "bytes_after": curve[-1][1],
        "seconds": curve[-1][0],
        "is_back": curve[-1][1] <= wanted,
        "usual_p50_ms": statistics.median(usual),
        "usual_p99_ms": percentile(usual, 99),
        "meanwhile_p50_ms": statistics.median(meanwhile),
        "meanwhile_p99_ms": percentile(meanwhile, 99),
        "curve": [{"seconds": s, "disk": disk, **store} for s, disk, store in curve],
    }


def kinds(confab):
    values = confab.metrics().values
    return {kind: values[f'confab_store_bytes{{kind="{kind}"}}'] for kind in ("live", "dead")}


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
