"""A second implementation of docs/rewards.md, written from that page alone.

Usage: second.py LEDGER RULES SCHEDULE EPOCH prints what the epoch and all before it pay, as JSON. It checks no signatures; everything
else of the page is here, in plain integers, with the standard library alone. It is meant to be read beside the page, and is slow.
"""

import hashlib
import json
import sys
import tomllib
from collections import defaultdict
from datetime import timezone
from decimal import Decimal, getcontext

getcontext().prec = 80
ONE = 10**25
MOST = 2**192  # what is worth more does not count
BUCKETS = {"capital": ["yields"], "code": ["works", "tools"], "community": ["stakes", "fronts"], "compute": ["receipts"],
           "protection": ["payouts"]}


def keccak(data):
    """Keccak-256 as Ethereum has it (the padding before FIPS 202)."""
    rounds, lanes, rate = 24, [[0] * 5 for _ in range(5)], 136
    mask = (1 << 64) - 1
    rol = lambda x, n: ((x << n % 64) | (x >> (64 - n % 64))) & mask if n % 64 else x
    padded = bytearray(data) + b"\x01" + b"\x00" * (rate - 1 - len(data) % rate)
    padded[-1] |= 0x80
    for at in range(0, len(padded), rate):
        for i in range(rate // 8):
            lanes[i % 5][i // 5] ^= int.from_bytes(padded[at + 8 * i:at + 8 * i + 8], "little")
        lfsr = 1
        for _ in range(rounds):
            c = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
            d = [c[(x + 4) % 5] ^ rol(c[(x + 1) % 5], 1) for x in range(5)]
            lanes = [[lanes[x][y] ^ d[x] for y in range(5)] for x in range(5)]
            x, y, current = 1, 0, lanes[1][0]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                current, lanes[x][y] = lanes[x][y], rol(current, (t + 1) * (t + 2) // 2)
            for y in range(5):
                row = [lanes[x][y] for x in range(5)]
                for x in range(5):
                    lanes[x][y] = row[x] ^ (~row[(x + 1) % 5] & mask & row[(x + 2) % 5])
            for j in range(7):
                lfsr = ((lfsr << 1) ^ ((lfsr >> 7) * 0x71)) % 256
                if lfsr & 2:
                    lanes[0][0] ^= 1 << ((1 << j) - 1)
    return b"".join(lanes[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


def word(n):
    return n.to_bytes(32, "big")


def raw(text):
    return bytes.fromhex(text[2:])


def digest(s):
    domain = keccak(b"EIP712Domain(string name,string version)")
    domain = keccak(domain + keccak(b"Keymaker usage ledger") + keccak(b"1"))
    kind = keccak(b"Segment(address reporter,uint64 epoch,uint64 first,uint32 count,bytes32 previous,bytes32 head)")
    body = kind + word(int(s["reporter"], 16)) + word(s["epoch"]) + word(s["first"]) + word(s["count"]) + raw(s["previous"]) + raw(s["head"])
    return keccak(b"\x19\x01" + domain + keccak(body))


def read_ledger(path):
    """The segments, without repetitions, each with the lines of its entries."""
    lines = open(path, "rb").read().split(b"\n")
    assert lines.pop() == b"", "the ledger ends within a line"
    segments, at = {}, 0
    while at < len(lines):
        head = json.loads(lines[at])
        at += 1
        if "close" in head:
            continue
        body = lines[at:at + head["count"]]
        assert len(body) == head["count"], "the ledger ends within a segment"
        at += head["count"]
        segments[digest(head)] = (head, body)
    chains = defaultdict(list)
    for d, (head, body) in segments.items():
        chains[head["reporter"]].append((head["first"], d, head, body))
    for chain in chains.values():
        place, now, epoch = 0, bytes(32), 0
        for first, _, head, body in sorted(chain, key=lambda one: one[:2]):
            assert first == place and raw(head["previous"]) == now and head["epoch"] >= epoch, "a broken chain"
            for line in body:
                now = hashlib.sha256(now + hashlib.sha256(line).digest()).digest()
            assert raw(head["head"]) == now, "a wrong head"
            place, epoch = place + head["count"], head["epoch"]
    return segments


def epoch_root(segments, epoch):
    all = sorted(d for d, (head, _) in segments.items() if head["epoch"] == epoch)
    return hashlib.sha256(epoch.to_bytes(8, "big") + b"".join(all)).hexdigest()


class Schedule:
    """Pools of the kind 'decrease'; the others are not needed to check a settlement."""

    def __init__(self, path):
        file = tomllib.load(open(path, "rb"))
        self.start = int(file["start"].astimezone(timezone.utc).timestamp())
        self.interval = file["interval"]
        self.pools = {p["name"]: (int(p["initial"]), int(p["step"])) for p in file["pool"]}

    def between(self, pool, begin, end):
        initial, step = self.pools[pool]
        length = self.interval
        begin = max(begin, self.start)
        if step:
            end = min(end, self.start + -(-initial // step) * length)
        if begin >= end:
            return 0
        a, b = begin - self.start, end - self.start
        reward = lambda k: max(initial - k * step, 0)
        if a // length == b // length:
            return reward(a // length) * (b - a) // length
        head = reward(a // length) * (length - a % length) // length if a % length else 0
        tail = reward(b // length) * (b % length) // length
        return head + sum(reward(k) for k in range(-(-a // length), b // length)) + tail


def multiplier(begin, end):
    start, stop = 1721908800, 2211192000
    begin, end = max(begin, start), min(end, stop)
    if begin >= end:
        return ONE

    def tanh2(t):
        x = Decimal((t - start) * 10**18 // (stop - start)) / Decimal(10**18)
        e = (4 * x).exp()
        return int((e - 1) / (e + 1) * 10**18)

    m = (tanh2(end) - tanh2(begin)) * 16613275460000000000 // 10**18
    return min(max(m, 10**18), 10700000000000000000) * 10**7


def largest_remainder(budget, weights):
    """weights: a dict whose keys order equals."""
    total = sum(weights.values())
    if total == 0:
        return {}
    pay = {k: budget * w // total for k, w in weights.items()}
    left = budget - sum(pay.values())
    for k in sorted(weights, key=lambda k: (-(budget * weights[k] % total), k))[:left]:
        pay[k] += 1
    return pay


def count(segments, epoch, rules):
    """The entries of an epoch that count, each id once, by kind."""
    ids, by_kind = {}, defaultdict(list)
    listed = rules.get("reporters", {})
    for head, body in segments.values():
        if head["epoch"] != epoch:
            continue
        for line in body:
            e = json.loads(line)
            allowed = [a.lower() for a in listed.get(e["kind"], [])]
            if allowed and head["reporter"] not in allowed:
                continue
            if e["kind"] in ("work", "risk") and head["reporter"] != e["maintainer"]:
                continue
            ids[hashlib.sha256(line).digest()] = e
    for id, e in ids.items():
        by_kind[e["kind"]].append((id, e))
    return by_kind


def use(entries, who, rules, budget, burned):
    """tools and fronts: who maps an entry to its earner, or to none."""
    weights = defaultdict(int)
    for _, e in entries:
        earner = who(e)
        if earner is None or earner == e["user"]:
            continue
        worth = int(e["burned"]) * int(burned.get(str(e["chain"]), "0")) // 10**18
        if worth < MOST:
            weights[earner] += worth
    most = budget * rules["most"] // 10000
    return {a: min(p, weights[a] * rules["return"] // 10000, most) for a, p in largest_remainder(budget, weights).items()}


class Settlement:
    def __init__(self, segments, rules, schedule):
        self.segments, self.rules, self.schedule = segments, rules, schedule
        begin = self.bounds(rules["first"])[0]
        self.carried = {b: schedule.between(b, 0, begin) for b in BUCKETS}
        self.earned = defaultdict(int)
        self.standing = {}  # commit -> author, weight, first epoch, epochs, at risk since

    def bounds(self, epoch):
        begin = self.schedule.start + epoch * self.rules["epoch"]
        return begin, begin + self.rules["epoch"]

    def version(self, epoch):
        return [r for r in self.rules["rules"] if r["from"] <= epoch][-1]

    def settle(self, epoch):
        r = self.version(epoch)
        begin, end = self.bounds(epoch)
        entries = count(self.segments, epoch, r)
        paid_now, extra, report = defaultdict(int), 0, {}
        for bucket, parts in BUCKETS.items():
            emission = self.schedule.between(bucket, 0, end) - self.schedule.between(bucket, 0, begin)
            carried = self.carried[bucket]
            released = carried if bucket == "protection" else carried // r["carry"]
            budget = emission + released
            shares = {i: r["shares"][bucket][p] for i, p in enumerate(parts)}
            budgets = largest_remainder(budget, shares)
            paid = 0
            for i, part in enumerate(parts):
                each, fees = getattr(self, part)(r, epoch, budgets.get(i, 0), entries)
                for account, wei in each.items():
                    paid_now[account] += wei
                paid += sum(each.values()) + fees
                extra += fees
            self.carried[bucket] = carried - released + budget - paid
            report[bucket] = {"emission": str(emission), "released": str(released), "paid": str(paid)}
        self.carried["protection"] += extra
        for account, wei in paid_now.items():
            self.earned[account] += wei
        return report, paid_now

    def works(self, r, epoch, budget, entries):
        rules = r["works"]
        maintainers = {a.lower() for a in rules["maintainers"]}
        self.standing = {c: s for c, s in self.standing.items()
                         if epoch < s[2] + s[3] and (s[4] is None or epoch < s[4] + rules["grace"])}
        asks = defaultdict(dict)
        for _, e in entries["work"]:
            m = e["maintainer"]
            if m in maintainers and m != e["author"] and e["class"] in rules["classes"]:
                key = (e["commit"], e["author"], e["class"])
                asks[key][m] = min(int(e["weight"]), asks[key].get(m, 2**128))
        reached = defaultdict(list)
        for (commit, author, name), by in asks.items():
            if len(by) >= rules["quorum"]:
                reached[commit].append((author, name, sorted(by.values())[-rules["quorum"]]))
        for commit, ways in reached.items():
            if commit in self.standing or len(ways) > 1:
                continue
            author, name, weight = ways[0]
            kind = rules["classes"][name]
            self.standing[commit] = [author, min(weight, int(kind["most"])), epoch, kind["epochs"], None]
        says = defaultdict(lambda: (set(), set()))
        for _, e in entries["risk"]:
            s = self.standing.get(e["commit"])
            if s and e["maintainer"] in maintainers and e["maintainer"] != s[0]:
                says[e["commit"]][e["at_risk"]].add(e["maintainer"])
        for commit, (no, yes) in says.items():
            s = self.standing[commit]
            if len(no) >= rules["quorum"]:
                s[4] = None
            elif len(yes) >= rules["quorum"] and s[4] is None:
                s[4] = epoch
                if rules["grace"] == 0:
                    del self.standing[commit]
        weights = defaultdict(int)
        for author, weight, *_ in self.standing.values():
            weights[author] += weight
        most = budget * rules["most"] // 10000
        return {a: min(p, most) for a, p in largest_remainder(budget, weights).items()}, 0

    def tools(self, r, epoch, budget, entries):
        return use(entries["tool"], lambda e: e["author"], r["tools"], budget, r.get("burned", {})), 0

    def subnets(self, entries):
        """treasury and fee of each subnet."""
        found = {}
        for id, e in sorted(entries["subnet"], key=lambda one: (one[1]["from"], one[0])):
            fee = min(int(e["fee"]), found[e["subnet"]][1]) if e["subnet"] in found else int(e["fee"])
            found[e["subnet"]] = (e["treasury"], fee)
        return found

    def fronts(self, r, epoch, budget, entries):
        subnets = self.subnets(entries)
        who = lambda e: subnets[e["subnet"]][0] if e["subnet"] in subnets else None
        return use(entries["front"], who, r["fronts"], budget, r.get("burned", {})), 0

    def stakes(self, r, epoch, budget, entries):
        subnets = self.subnets(entries)
        weights = defaultdict(int)
        for _, e in entries["stake"]:
            if e["subnet"] in subnets:
                weights[e["staker"], e["subnet"]] += int(e["amount"]) * (e["to"] - e["from"])
        total = self.schedule.between("community", 0, self.bounds(epoch)[1]) * self.rules["epoch"]
        if sum(weights.values()) >= total:
            gets = largest_remainder(budget, weights)
        else:
            gets = {k: budget * w // total for k, w in weights.items()}
        pay, fees = defaultdict(int), 0
        for (staker, subnet), wei in gets.items():
            treasury, fee = subnets[subnet]
            ours = min(-(-wei * int(r["stakes"]["fee"]) // ONE), wei)
            theirs = min(-(-wei * fee // ONE), wei - ours)
            fees += ours
            pay[treasury] += theirs
            pay[staker] += wei - ours - theirs
        return pay, fees

    def receipts(self, r, epoch, budget, entries):
        rules = r["receipts"]
        weights, bond, audits, passed = (defaultdict(int) for _ in range(4))
        for _, e in entries["receipt"]:
            if e["provider"] == e["consumer"] or e["fee"] == "0":
                continue
            p_in, p_out = min(int(e["price_in"]), int(rules["most_in"])), min(int(e["price_out"]), int(rules["most_out"]))
            priced = (e["input"] * p_in + e["output"] * p_out) // 10**6
            weights[e["provider"]] += min(int(e["fee"]), priced * rules["most_fee"] // 10000)
        for _, e in entries["audit"]:
            if e["auditor"] != e["provider"]:
                audits[e["provider"]] += 1
                passed[e["provider"]] += e["passed"]
        for _, e in entries["bond"]:
            bond[e["provider"]] += int(e["amount"]) * (e["to"] - e["from"])
        weights = {p: w for p, w in weights.items()
                   if audits[p] >= rules["least_audits"] and passed[p] * 10000 >= rules["least_passed"] * audits[p]}
        return {p: min(wei, weights[p] * rules["return"] // 10000, bond[p] // self.rules["epoch"] * rules["bond"] // 10000)
                for p, wei in largest_remainder(budget, weights).items()}, 0

    def yields(self, r, epoch, budget, entries):
        rules = r["yields"]
        assets = {a.lower() for a in rules["assets"]}
        worth = defaultdict(int)
        for _, e in entries["yield"]:
            if e["asset"] in assets:
                gain = int(e["gain"]) * 10**18 // 10**min(e["decimals"], 99)
                if gain * int(e["price"]) < MOST:
                    worth[e["asset"]] += gain * int(e["price"])
        total, pay = sum(worth.values()), defaultdict(int)
        for asset, y in worth.items():
            if total == 0:
                break
            part = min(y * budget // total, y // 10**18 * int(rules["most"]) // 10**18)
            members, referred = defaultdict(int), defaultdict(int)
            for _, e in entries["deposit"]:
                if e["asset"] != asset:
                    continue
                m = multiplier(e["lock_from"], e["lock_to"])
                if int(e["referrer"], 16):
                    m += ONE // 100
                    referred[e["referrer"]] += int(e["amount"]) * (e["to"] - e["from"])
                members[e["member"], 0] += int(e["amount"]) * m // ONE * (e["to"] - e["from"])
            for who, seconds in referred.items():
                reached = [t for t in rules.get("tiers", []) if int(t["from"]) <= seconds // self.rules["epoch"]]
                if reached:
                    members[who, 1] = seconds * int(reached[-1]["bonus"]) // ONE
            for (who, _), wei in largest_remainder(part, members).items():
                pay[who] += wei
        return pay, 0

    def payouts(self, r, epoch, budget, entries):
        pay = defaultdict(int)
        for _, e in sorted(entries["payout"], key=lambda one: (one[1]["at"], one[0])):
            if int(e["amount"]) <= budget:
                budget -= int(e["amount"])
                pay[e["to"]] += int(e["amount"])
        return pay, 0


def claims_root(earned):
    leaves = sorted(keccak(keccak(word(int(a, 16)) + word(w))) for a, w in earned.items() if w)
    if not leaves:
        return None
    n = len(leaves)
    nodes = [b""] * (n - 1) + leaves[::-1]
    for i in range(n - 2, -1, -1):
        nodes[i] = keccak(b"".join(sorted((nodes[2 * i + 1], nodes[2 * i + 2]))))
    return "0x" + nodes[0].hex()


def main():
    ledger, rules, schedule, last = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    segments = read_ledger(ledger)
    rules = tomllib.load(open(rules, "rb"))
    s = Settlement(segments, rules, Schedule(schedule))
    for epoch in range(rules["first"], last + 1):
        report, now = s.settle(epoch)
    print(json.dumps({
        "epoch": last, "ledger_root": "0x" + epoch_root(segments, last), "buckets": report,
        "carried": {b: str(w) for b, w in s.carried.items()}, "claims_root": claims_root(s.earned),
        "allotments": [{"address": a, "epoch_wei": str(now.get(a, 0)), "total_wei": str(w)} for a, w in sorted(s.earned.items()) if w],
    }))


if __name__ == "__main__":
    main()
