// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IntervalDecrease} from "./IntervalDecrease.sol";
import {Key} from "./Key.sol";

/// @title Mints what five pools accrue, and nothing else. Wei of KEY, and seconds.
/// @notice Capital, code, community and compute are paid 24 % each and protection 4 %, on the curve of Morpheus's main network.
/// Invariant: minted(pool) = due(pool, mintedUntil), so what is minted in all does not depend on who mints when, and at the end it is
/// LIFETIME to the wei. All of it goes to the distributor. Nobody has any power here.
contract Emission {
    using IntervalDecrease for IntervalDecrease.Curve;

    uint256 public constant POOLS = 5;
    uint256 public constant CAPITAL = 0;
    uint256 public constant CODE = 1;
    uint256 public constant COMMUNITY = 2;
    uint256 public constant COMPUTE = 3;
    uint256 public constant PROTECTION = 4;

    uint64 public constant INTERVAL = 86_400;
    uint256 public constant LIFETIME = 41_999_999_998_839_372_000_000_000;

    // Sources: MorpheusAIs/SmartContracts, deploy/data/config.json; Morpheus-Lumerin-Node, config_base_mainnet.json.
    uint128 private constant INITIAL_24 = 3_456_000_000_000_000_000_000;
    uint128 private constant STEP_24 = 592_558_728_240_000_000;
    uint128 private constant INITIAL_4 = 576_000_000_000_000_000_000;
    uint128 private constant STEP_4 = 98_759_788_040_000_000;

    Key public immutable key;
    address public immutable distributor;
    /// @notice The first second of the first interval.
    uint64 public immutable start;
    /// @notice The second up to which everything that is due has been minted.
    uint64 public mintedUntil;

    /// @param perPool what was minted now, by pool
    event Minted(uint64 until, uint256[POOLS] perPool, uint256 amount);

    error ZeroAddress();
    error UnknownPool(uint256 pool);

    constructor(Key key_, address distributor_, uint64 start_) {
        if (address(key_) == address(0) || distributor_ == address(0)) revert ZeroAddress();
        key = key_;
        distributor = distributor_;
        start = start_;
    }

    /// @notice Mints what the pools accrued since the last call. Anyone may call; nothing due is no error.
    function mint() external returns (uint256 amount) {
        uint64 now_ = uint64(block.timestamp);
        uint64 since = mintedUntil;
        uint256[POOLS] memory perPool;
        for (uint256 i = 0; i < POOLS; i++) {
            perPool[i] = due(i, now_) - due(i, since);
            amount += perPool[i];
        }
        if (amount == 0) return 0;
        mintedUntil = now_;
        emit Minted(now_, perPool, amount);
        key.mint(distributor, amount);
    }

    /// @notice What a pool was paid so far.
    function minted(uint256 pool) external view returns (uint256) {
        return due(pool, mintedUntil);
    }

    /// @notice What a pool is due from the start until just before a second.
    function due(uint256 pool, uint64 until) public view returns (uint256) {
        return between(pool, 0, until);
    }

    /// @notice What a pool is paid in [from, to).
    function between(uint256 pool, uint64 from, uint64 to) public view returns (uint256) {
        if (pool >= POOLS) revert UnknownPool(pool);
        (uint128 initial, uint128 step) = pool == PROTECTION ? (INITIAL_4, STEP_4) : (INITIAL_24, STEP_24);
        return IntervalDecrease.Curve(initial, step, start, INTERVAL).between(from, to);
    }
}
