// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title A reward that falls by a fixed step in each interval, evenly paid within it. Wei, and seconds.
/// @notice With I the initial reward, D the step, P the start and L the interval's length, interval k pays R(k) = I - k*D until nothing
/// is left after ceil(I/D) of them. The order of the truncations is that of Morpheus's LinearDistributionIntervalDecrease:
///
///   within one interval k         floor(R(k) * (to-from) / L)
///   else the sum of three parts   floor(R(k(from)) * seconds to the next boundary / L)       nothing on a boundary
///                                 n*R(b) - D * floor(n*(n-1)/2)                              n whole intervals from b on: exact
///                                 floor(R(k(to)) * seconds since the last boundary / L)      nothing on a boundary
///
/// Invariant: an empty or reversed range pays nothing; a range that is split pays no more than the whole.
/// Amounts and times are below 2^128 and 2^64, so that no sum leaves 256 bits.
library IntervalDecrease {
    struct Curve {
        uint128 initial;
        uint128 step;
        uint64 start;
        uint64 interval;
    }

    /// @notice What the curve pays in [from, to).
    function between(Curve memory c, uint64 from, uint64 to) internal pure returns (uint256) {
        if (c.interval == 0) return 0;
        uint256 a = Math.max(from, c.start);
        uint256 b = Math.min(to, end(c));
        if (a >= b) return 0;

        a -= c.start;
        b -= c.start;
        uint256 first = a / c.interval;
        uint256 last = b / c.interval;
        if (first == last) return _reward(c, first) * (b - a) / c.interval;

        // A head from a boundary on is a whole interval, and exact.
        uint256 sum = _reward(c, first) * (c.interval - a % c.interval) / c.interval;
        uint256 whole = last - ++first;
        if (whole > 0) sum += whole * _reward(c, first) - c.step * (whole * (whole - 1) / 2);
        return sum + _reward(c, last) * (b % c.interval) / c.interval;
    }

    /// @notice The first second in which nothing is paid any more. A step of zero never ends.
    function end(Curve memory c) internal pure returns (uint256) {
        if (c.step == 0) return type(uint256).max;
        return c.start + Math.ceilDiv(c.initial, c.step) * c.interval;
    }

    function _reward(Curve memory c, uint256 k) private pure returns (uint256) {
        uint256 less = k * c.step;
        return less < c.initial ? c.initial - less : 0;
    }
}
