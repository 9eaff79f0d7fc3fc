// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {LockedPower} from "./LockedPower.sol";
import {Subnets} from "./Subnets.sol";

/// @title Stakes and locks: one position for each account and subject. Wei of the token, unix seconds, power in wei * seconds.
/// @notice A subject is zero (a plain stake), a provider's address as a word (a bond), or the id of a subnet that is registered.
/// A lock ends at a whole week and may only grow longer. Power is amount * seconds left of the lock.
/// Invariant: only its account moves a position, and only after its lock; the positions sum to staked, which the contract holds.
/// Nobody else has any power here.
contract Stakes is ReentrancyGuardTransient {
    using SafeERC20 for IERC20;
    using LockedPower for LockedPower.Curve;

    /// @notice How far ahead a lock may be asked for: four years. It is rounded up to the whole week.
    uint64 public constant MOST_LOCK = 1461 days;
    uint64 public constant WEEK = LockedPower.WEEK;

    IERC20 public immutable token;
    Subnets public immutable subnets;
    /// @notice The sum of all positions.
    uint256 public staked;
    /// @notice The sum of a subject's positions.
    mapping(bytes32 subject => uint256) public stakedIn;
    mapping(address account => mapping(bytes32 subject => LockedPower.Lock)) private _positions;
    mapping(address account => LockedPower.Curve) private _power;
    LockedPower.Curve private _totalPower;

    /// @param amount what arrived
    /// @param position the account's amount in the subject after it
    /// @param until end of the lock; what is not after now is no lock
    /// @param inSubject the sum of all accounts' amounts in the subject after it
    event Staked(
        address indexed account, bytes32 indexed subject, uint256 amount, uint256 position, uint64 until, uint256 inSubject
    );
    event Extended(address indexed account, bytes32 indexed subject, uint256 position, uint64 until);
    event Withdrawn(
        address indexed account, bytes32 indexed subject, uint256 amount, uint256 position, uint64 until, uint256 inSubject
    );

    error ZeroAddress();
    error ZeroAmount();
    error UnknownSubject(bytes32 subject);
    error NoPosition(address account, bytes32 subject);
    error LockShorter(uint64 asked, uint64 until);
    error LockTooLong(uint64 asked, uint64 most);
    error Locked(uint64 until);
    error MoreThanStaked(uint256 amount, uint256 position);
    error TooMuch(uint256 staked);

    constructor(IERC20 token_, Subnets subnets_) {
        if (address(token_) == address(0) || address(subnets_) == address(0)) revert ZeroAddress();
        token = token_;
        subnets = subnets_;
    }

    /// @notice Adds to the caller's position what arrives of amount, which the caller has approved.
    /// @param until the second until which all of the position is locked, rounded up to a whole week; 0 leaves the lock as it is
    function stake(bytes32 subject, uint256 amount, uint64 until) external nonReentrant {
        if (!_isSubject(subject)) revert UnknownSubject(subject);
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), amount);
        uint256 arrived = token.balanceOf(address(this)) - before;
        if (arrived == 0) revert ZeroAmount();
        staked += arrived;
        if (staked > type(uint88).max) revert TooMuch(staked);
        stakedIn[subject] += arrived;

        LockedPower.Lock memory from = _positions[msg.sender][subject];
        LockedPower.Lock memory to = LockedPower.Lock(from.amount + uint88(arrived), from.until);
        if (until != 0) to.until = _longer(from.until, until, false);
        _move(subject, from, to);
        emit Staked(msg.sender, subject, arrived, to.amount, to.until, stakedIn[subject]);
    }

    /// @notice Locks the caller's position for longer.
    function extend(bytes32 subject, uint64 until) external nonReentrant {
        LockedPower.Lock memory from = _positions[msg.sender][subject];
        if (from.amount == 0) revert NoPosition(msg.sender, subject);
        LockedPower.Lock memory to = LockedPower.Lock(from.amount, _longer(from.until, until, true));
        _move(subject, from, to);
        emit Extended(msg.sender, subject, to.amount, to.until);
    }

    /// @notice Pays out of the caller's position, to the caller, once its lock is over.
    function withdraw(bytes32 subject, uint256 amount) external nonReentrant {
        LockedPower.Lock memory from = _positions[msg.sender][subject];
        if (amount == 0) revert ZeroAmount();
        if (block.timestamp < from.until) revert Locked(from.until);
        if (amount > from.amount) revert MoreThanStaked(amount, from.amount);
        LockedPower.Lock memory to = LockedPower.Lock(from.amount - uint88(amount), from.until);
        staked -= amount;
        stakedIn[subject] -= amount;
        _move(subject, from, to);
        emit Withdrawn(msg.sender, subject, amount, to.amount, to.until, stakedIn[subject]);
        token.safeTransfer(msg.sender, amount);
    }

    function position(address account, bytes32 subject) external view returns (uint256 amount, uint64 until) {
        LockedPower.Lock memory p = _positions[account][subject];
        return (p.amount, p.until);
    }

    /// @notice The power of all of an account's positions at a second. Final once that second is over.
    function powerAt(address account, uint64 time) external view returns (uint256) {
        return _power[account].at(time);
    }

    /// @notice The power of all accounts at a second. Final once that second is over.
    function totalPowerAt(uint64 time) external view returns (uint256) {
        return _totalPower.at(time);
    }

    function _move(bytes32 subject, LockedPower.Lock memory from, LockedPower.Lock memory to) private {
        _positions[msg.sender][subject] = to;
        _power[msg.sender].change(from, to);
        _totalPower.change(from, to);
    }

    /// @dev The end that is asked for, rounded up to a whole week, if it is allowed after the present one.
    function _longer(uint64 present, uint64 asked, bool strictly) private view returns (uint64 until) {
        uint64 most = uint64(block.timestamp) + MOST_LOCK;
        if (asked > most) revert LockTooLong(asked, most);
        until = (asked + WEEK - 1) / WEEK * WEEK;
        if (until < present || until <= block.timestamp || (strictly && until == present)) revert LockShorter(asked, present);
    }

    function _isSubject(bytes32 subject) private view returns (bool) {
        return uint256(subject) <= type(uint160).max || subnets.registered(subject);
    }
}
