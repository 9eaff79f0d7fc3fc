// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Distributor} from "./Distributor.sol";
import {Emission} from "./Emission.sol";
import {Stakes} from "./Stakes.sol";

/// @title Votes by locked KEY on the few things that are decided by vote. Power in wei * seconds, shares in basis points.
/// @notice A motion passes if at least the quorum's share of all power says yes, and more yes than no. All power is at least that of all
/// KEY that was earned and not burned, locked for EARNED_LOCK: so who locks first, or alone, is no majority. What can be moved: the rules'
/// hash from an epoch on, who proposes roots, the windows and the bond within the distributor's bounds, a challenged root, a payout
/// of the protection fund. Nothing else is callable: it can't mint, can't move a stake or a claim, can't change the cap or itself.
/// Invariant: power is read at the second before the motion, so nothing that is locked later counts; an account votes once; payouts
/// in all stay within what the protection pool was paid; the rules of an epoch that has begun never change.
contract Governance {
    enum Kind {
        Rules, // a: first epoch, b: SHA-256 of the file
        Proposer, // a: address, b: 1 to list, 0 to delist
        Windows, // a: challenge window, b: timelock, c: bond
        Decision, // a: id of the root, b: 1 to uphold, 0 to drop
        Payout // a: receiver, b: wei, c: hash of the reasons
    }

    struct Motion {
        Kind kind;
        bool executed;
        address mover;
        uint64 snapshot; // the second at which power is read
        uint64 voteUntil; // the first second without votes
        uint64 executeFrom;
        uint64 executeUntil;
        uint256 a;
        uint256 b;
        uint256 c;
        uint256 yes;
        uint256 no;
        uint256 needed; // yes, for the quorum
    }

    struct RulesFrom {
        uint64 epoch;
        bytes32 hash;
    }

    uint256 public constant WHOLE = 10_000;
    /// @notice The share of all power that a mover needs.
    uint256 public constant MOVE = 100;
    uint256 public constant LEAST_QUORUM = 100;
    uint256 public constant MOST_QUORUM = 5_000;
    uint64 public constant LEAST_PERIOD = 1 days;
    uint64 public constant MOST_PERIOD = 30 days;
    /// @notice For how long all that was earned counts as locked, at least, when the quorum is reckoned.
    uint64 public constant EARNED_LOCK = 182 days;
    /// @notice How long a motion that has passed may be executed.
    uint64 public constant EXECUTION = 14 days;

    Stakes public immutable stakes;
    Distributor public immutable distributor;
    Emission public immutable emission;
    /// @notice Seconds of voting, and from its end until a motion may be executed.
    uint64 public immutable votingPeriod;
    uint64 public immutable timelock;
    /// @notice The share of all power that has to say yes.
    uint256 public immutable quorum;

    /// @notice What was approved to be paid out of the protection fund in all.
    uint256 public payouts;
    mapping(uint256 motion => mapping(address account => bool)) public voted;
    Motion[] private _motions;
    RulesFrom[] private _rules;

    event Moved(
        uint256 indexed id,
        Kind indexed kind,
        address indexed mover,
        uint256 a,
        uint256 b,
        uint256 c,
        uint64 snapshot,
        uint64 voteUntil,
        uint64 executeFrom,
        uint64 executeUntil,
        uint256 needed
    );
    event Voted(uint256 indexed id, address indexed account, bool yes, uint256 power);
    event Executed(uint256 indexed id);
    event RulesSet(uint64 indexed epoch, bytes32 hash);
    event Payout(uint256 indexed id, address indexed to, uint256 amount);

    error ZeroAddress();
    error ZeroAmount();
    error ZeroHash();
    error OutOfBounds(uint256 value, uint256 least, uint256 most);
    error UnknownMotion(uint256 id);
    error TooLittlePower(uint256 power, uint256 needed);
    error VoteOver(uint256 until);
    error AlreadyVoted(uint256 id, address account);
    error NotPassed(uint256 id, uint256 yes, uint256 no, uint256 needed);
    error AlreadyExecuted(uint256 id);
    error TooEarly(uint256 from);
    error TooLate(uint256 until);
    error EpochBegun(uint64 epoch, uint64 current);
    error NotChallenged(uint256 root);
    error MoreThanProtection(uint256 amount, uint256 left);

    constructor(
        Stakes stakes_,
        Distributor distributor_,
        Emission emission_,
        bytes32 rulesHash,
        uint64 votingPeriod_,
        uint64 timelock_,
        uint256 quorum_
    ) {
        if (address(stakes_) == address(0) || address(distributor_) == address(0) || address(emission_) == address(0)) {
            revert ZeroAddress();
        }
        _checkBounds(votingPeriod_, LEAST_PERIOD, MOST_PERIOD);
        _checkBounds(timelock_, LEAST_PERIOD, MOST_PERIOD);
        _checkBounds(quorum_, LEAST_QUORUM, MOST_QUORUM);
        stakes = stakes_;
        distributor = distributor_;
        emission = emission_;
        votingPeriod = votingPeriod_;
        timelock = timelock_;
        quorum = quorum_;
        _setRules(0, rulesHash);
    }

    // Motions.

    /// @notice Moves that rules hold from an epoch on that has not begun when the motion is executed. Rules that were to hold from
    /// that epoch or a later one are replaced.
    function moveRules(uint64 epoch, bytes32 hash) external returns (uint256 id) {
        if (hash == 0) revert ZeroHash();
        _checkNotBegun(epoch);
        return _move(Kind.Rules, epoch, uint256(hash), 0);
    }

    function moveProposer(address proposer, bool listed) external returns (uint256 id) {
        if (proposer == address(0)) revert ZeroAddress();
        return _move(Kind.Proposer, uint160(proposer), listed ? 1 : 0, 0);
    }

    function moveWindows(uint64 challenge, uint64 timelock_, uint96 bond) external returns (uint256 id) {
        distributor.checkWindows(Distributor.Windows(challenge, timelock_, bond));
        return _move(Kind.Windows, challenge, timelock_, bond);
    }

    function moveDecision(uint256 root, bool uphold) external returns (uint256 id) {
        if (distributor.proposal(root).state != Distributor.State.Challenged) revert NotChallenged(root);
        return _move(Kind.Decision, root, uphold ? 1 : 0, 0);
    }

    /// @notice Moves that the protection fund pays. It is paid as a claim, once it is in the usage ledger.
    /// @param reasons hash of a text that says why
    function movePayout(address to, uint256 amount, bytes32 reasons) external returns (uint256 id) {
        if (to == address(0)) revert ZeroAddress();
        if (amount == 0) revert ZeroAmount();
        _checkProtection(amount);
        return _move(Kind.Payout, uint160(to), amount, uint256(reasons));
    }

    function vote(uint256 id, bool yes) external {
        Motion storage m = _get(id);
        if (block.timestamp >= m.voteUntil) revert VoteOver(m.voteUntil);
        if (voted[id][msg.sender]) revert AlreadyVoted(id, msg.sender);
        uint256 power = stakes.powerAt(msg.sender, m.snapshot);
        if (power == 0) revert TooLittlePower(0, 1);
        voted[id][msg.sender] = true;
        if (yes) m.yes += power;
        else m.no += power;
        emit Voted(id, msg.sender, yes, power);
    }

    /// @notice Does what a motion says that has passed. Anyone may call.
    function execute(uint256 id) external {
        Motion storage m = _get(id);
        if (m.executed) revert AlreadyExecuted(id);
        if (block.timestamp < m.executeFrom) revert TooEarly(m.executeFrom);
        if (block.timestamp >= m.executeUntil) revert TooLate(m.executeUntil);
        if (m.yes < m.needed || m.yes <= m.no) revert NotPassed(id, m.yes, m.no, m.needed);
        m.executed = true;
        emit Executed(id);
        _do(id, m);
    }

    /// @dev All that governance can do.
    function _do(uint256 id, Motion storage m) private {
        if (m.kind == Kind.Rules) {
            _checkNotBegun(uint64(m.a));
            _setRules(uint64(m.a), bytes32(m.b));
        } else if (m.kind == Kind.Proposer) {
            distributor.setProposer(address(uint160(m.a)), m.b == 1);
        } else if (m.kind == Kind.Windows) {
            distributor.setWindows(Distributor.Windows(uint64(m.a), uint64(m.b), uint96(m.c)));
        } else if (m.kind == Kind.Decision) {
            distributor.decide(m.a, m.b == 1);
        } else {
            _checkProtection(m.b);
            payouts += m.b;
            emit Payout(id, address(uint160(m.a)), m.b);
        }
    }

    // Views.

    /// @notice The SHA-256 of the rules file that holds for an epoch.
    function rules(uint64 epoch) external view returns (bytes32) {
        uint256 i = _rules.length - 1;
        while (_rules[i].epoch > epoch) i--; // the first holds from 0
        return _rules[i].hash;
    }

    function motionCount() external view returns (uint256) {
        return _motions.length;
    }

    function motion(uint256 id) external view returns (Motion memory) {
        return _get(id);
    }

    function _get(uint256 id) private view returns (Motion storage) {
        if (id >= _motions.length) revert UnknownMotion(id);
        return _motions[id];
    }

    function _move(Kind kind, uint256 a, uint256 b, uint256 c) private returns (uint256 id) {
        uint64 snapshot = uint64(block.timestamp) - 1;
        uint256 all = stakes.totalPowerAt(snapshot);
        uint256 power = stakes.powerAt(msg.sender, snapshot);
        uint256 least = _share(all, MOVE);
        if (power < least) revert TooLittlePower(power, least);

        Motion memory m;
        m.kind = kind;
        m.mover = msg.sender;
        m.snapshot = snapshot;
        m.voteUntil = uint64(block.timestamp) + votingPeriod;
        m.executeFrom = m.voteUntil + timelock;
        m.executeUntil = m.executeFrom + EXECUTION;
        (m.a, m.b, m.c) = (a, b, c);
        m.needed = _share(Math.max(all, _earned() * EARNED_LOCK), quorum);
        id = _motions.length;
        _motions.push(m);
        emit Moved(id, kind, msg.sender, a, b, c, snapshot, m.voteUntil, m.executeFrom, m.executeUntil, m.needed);
    }

    /// @dev What the root says that was earned, claimed or not, less what was burned of it. Nothing is burned that was not paid.
    function _earned() private view returns (uint256) {
        return distributor.total() - distributor.key().burned();
    }

    /// @dev Rounded up, and never nothing: without any power there are no motions.
    function _share(uint256 all, uint256 basisPoints) private pure returns (uint256) {
        return Math.max(1, Math.ceilDiv(all * basisPoints, WHOLE));
    }

    function _setRules(uint64 epoch, bytes32 hash) private {
        if (hash == 0) revert ZeroHash();
        while (_rules.length > 0 && _rules[_rules.length - 1].epoch >= epoch) _rules.pop();
        _rules.push(RulesFrom(epoch, hash));
        emit RulesSet(epoch, hash);
    }

    function _checkNotBegun(uint64 epoch) private view {
        uint64 current = distributor.currentEpoch();
        if (epoch <= current) revert EpochBegun(epoch, current);
    }

    function _checkProtection(uint256 amount) private view {
        uint256 minted = emission.minted(emission.PROTECTION());
        if (amount > minted - payouts) revert MoreThanProtection(amount, minted - payouts);
    }

    function _checkBounds(uint256 value, uint256 least, uint256 most) private pure {
        if (value < least || value > most) revert OutOfBounds(value, least, most);
    }
}
