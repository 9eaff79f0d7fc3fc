// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title The sum over locks of amount * seconds left, at any second. Wei * seconds.
/// @notice Locks end at whole weeks. A point says, for the locks that were not over at its time, the sum A of their amounts and the sum M
/// of amount * end; so the power at t is M - A*t, with what ended in the weeks since the point taken out. Nothing is rounded.
/// Invariant: at(t) for a t in the past never changes, and equals the sum over all locks of amount * max(0, end - t) as they stood at t.
///
/// All amounts together must stay below 2^88, and times are below 2^40.
library LockedPower {
    uint64 internal constant WEEK = 7 days;

    struct Lock {
        uint88 amount;
        uint64 until; // a whole week below 2^40, or 0
    }

    struct Point {
        uint40 time;
        uint88 amount; // A
        uint128 moment; // M
    }

    struct Curve {
        Point[] points; // by time, one a second at most
        mapping(uint64 week => uint88) ending; // amounts of the locks that end there
    }

    /// @notice Changes one lock, now. A lock that is over has no power, and its change no effect.
    function change(Curve storage self, Lock memory from, Lock memory to) internal {
        uint64 now_ = uint64(block.timestamp);
        bool was = from.until > now_ && from.amount > 0;
        bool will = to.until > now_ && to.amount > 0;
        if (!was && !will) return;

        uint256 n = self.points.length;
        Point memory p;
        if (n > 0) p = self.points[n - 1];
        bool sameSecond = n > 0 && p.time == now_;
        p = _walk(self, p, now_);
        if (was) {
            p.amount -= from.amount;
            p.moment -= uint128(from.amount) * from.until;
            self.ending[from.until] -= from.amount;
        }
        if (will) {
            p.amount += to.amount;
            p.moment += uint128(to.amount) * to.until;
            self.ending[to.until] += to.amount;
        }
        if (sameSecond) self.points[n - 1] = p;
        else self.points.push(p);
    }

    /// @notice The power at a second, of the locks as they stood at its end.
    function at(Curve storage self, uint64 time) internal view returns (uint256) {
        uint256 n = _before(self, time);
        if (n == 0) return 0;
        Point memory p = _walk(self, self.points[n - 1], time);
        return p.moment - uint256(p.amount) * time;
    }

    /// @dev Takes out what ended after the point, up to and with a second. Locks are bounded, so this ends after as many weeks.
    function _walk(Curve storage self, Point memory p, uint64 time) private view returns (Point memory) {
        for (uint64 week = p.time - p.time % WEEK + WEEK; week <= time && p.amount > 0; week += WEEK) {
            uint88 ended = self.ending[week];
            p.amount -= ended;
            p.moment -= uint128(ended) * week;
        }
        p.time = uint40(time);
        return p;
    }

    /// @dev How many points are not after a second.
    function _before(Curve storage self, uint64 time) private view returns (uint256 low) {
        uint256 high = self.points.length;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (self.points[middle].time <= time) low = middle + 1;
            else high = middle;
        }
    }
}
