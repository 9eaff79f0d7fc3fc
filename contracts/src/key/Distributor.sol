// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Key} from "./Key.sol";

/// @title Pays claims against one Merkle root at a time. Wei of KEY, and seconds.
/// @notice A claim is cumulative: an account and all that it has earned so far. Leaves are those of @openzeppelin/merkle-tree's
/// StandardMerkleTree for (address, uint256). A root is proposed with a bond by someone who is listed, may be challenged by anyone
/// with the same bond, and is accepted by anyone when its window and its timelock are over. Governance decides what is challenged.
///
///   Pending    -- challenge -->  Challenged     within the window
///   Pending    -- accept ----->  Accepted       the bond goes back
///   Pending    -- retire ----->  Retired        a later root was accepted; the bond goes back
///   Challenged -- decide ----->  Upheld         the challenger's bond: half to the proposer, half burned
///   Challenged -- decide ----->  Dropped        the proposer's bond: half to the challenger, half burned
///   Challenged -- lapse ------>  Lapsed         nobody decided in time; each bond goes back
///   Upheld     -- accept ----->  Accepted
///
/// Invariant: paid <= total <= what was ever minted; total and each claimed[account] only grow; a payment goes to the account of the
/// leaf and to nobody else; bonds are never paid out as claims.
///
/// The first root is proposed before anyone has any KEY. So it needs no bond, and a challenge, which any listed proposer may make for
/// nothing, drops it; and a root without a bond is never accepted as a later one.
contract Distributor {
    enum State {
        None,
        Pending,
        Challenged,
        Upheld,
        Accepted,
        Dropped,
        Lapsed,
        Retired
    }

    struct Proposal {
        bytes32 root;
        bytes32 ledgerRoot; // of the usage ledger that the claims were settled from
        uint96 total; // sum of all cumulative claims
        uint96 bond; // of the proposer, and of the challenger if there is one
        uint64 acceptFrom; // the first second in which it may be accepted
        address proposer;
        uint64 epoch;
        State state;
        address challenger;
        uint64 challengeUntil; // the first second in which it may not be challenged any more
    }

    struct Windows {
        uint64 challenge;
        uint64 timelock; // after the challenge window
        uint96 bond;
    }

    struct Claim {
        address account;
        uint256 cumulative;
        bytes32[] proof;
    }

    uint64 public constant LEAST_CHALLENGE = 1 days;
    uint64 public constant MOST_CHALLENGE = 30 days;
    uint64 public constant LEAST_TIMELOCK = 1 days;
    uint64 public constant MOST_TIMELOCK = 30 days;
    uint96 public constant LEAST_BOND = 1e18;
    uint96 public constant MOST_BOND = 100_000e18;
    /// @notice How long after its window governance may decide a challenged root.
    uint64 public constant DECISION = 120 days;

    Key public immutable key;
    address public immutable governance;
    /// @notice The first second of epoch 0.
    uint64 public immutable start;
    /// @notice Seconds of an epoch.
    uint64 public immutable epochLength;

    /// @notice The root that claims are paid against. Zero before the first one.
    bytes32 public root;
    bytes32 public ledgerRoot;
    /// @notice The sum of all claims under the root.
    uint256 public total;
    /// @notice The least epoch that a root may be proposed for.
    uint64 public nextEpoch;
    /// @notice What was paid in all.
    uint256 public paid;
    /// @notice What is held as bonds.
    uint256 public bonded;
    Windows public windows;
    mapping(address account => uint256) public claimed;
    mapping(address account => bool) public isProposer;
    Proposal[] private _proposals;

    event RootProposed(
        uint256 indexed id,
        uint64 indexed epoch,
        address indexed proposer,
        bytes32 root,
        bytes32 ledgerRoot,
        uint256 total,
        uint256 bond,
        uint64 challengeUntil,
        uint64 acceptFrom
    );
    event RootChallenged(uint256 indexed id, address indexed challenger, uint256 bond);
    event RootAccepted(uint256 indexed id, uint64 indexed epoch, bytes32 root, bytes32 ledgerRoot, uint256 total);
    event RootUpheld(uint256 indexed id);
    event RootDropped(uint256 indexed id);
    event RootLapsed(uint256 indexed id);
    event RootRetired(uint256 indexed id);
    event Claimed(address indexed account, uint256 amount, uint256 cumulative);
    event ProposerSet(address indexed proposer, bool listed);
    event WindowsSet(uint64 challenge, uint64 timelock, uint96 bond);

    error ZeroAddress();
    error ZeroRoot();
    error ZeroLength();
    error NotGovernance(address caller);
    error NotProposer(address caller);
    error OutOfBounds(uint256 value, uint256 least, uint256 most);
    error EpochNotOver(uint64 epoch);
    error EpochSettled(uint64 epoch, uint64 next);
    error TotalShrinks(uint256 proposed, uint256 accepted);
    error MoreThanMinted(uint256 amount, uint256 minted);
    error MoreThanTotal(uint256 paid, uint256 total);
    error UnknownRoot(uint256 id);
    error WrongState(uint256 id, State state);
    error TooEarly(uint256 from);
    error TooLate(uint256 until);
    error OnlyFirst(uint256 id);
    error NotStale(uint256 id);
    error InvalidProof(address account, uint256 cumulative);
    error NothingToClaim(address account, uint256 claimed);

    modifier onlyGovernance() {
        if (msg.sender != governance) revert NotGovernance(msg.sender);
        _;
    }

    constructor(Key key_, address governance_, uint64 start_, uint64 epochLength_, address[] memory proposers, Windows memory w) {
        if (address(key_) == address(0) || governance_ == address(0)) revert ZeroAddress();
        if (epochLength_ == 0) revert ZeroLength();
        key = key_;
        governance = governance_;
        start = start_;
        epochLength = epochLength_;
        _setWindows(w);
        for (uint256 i = 0; i < proposers.length; i++) {
            _setProposer(proposers[i], true);
        }
    }

    // Roots.

    /// @notice Proposes the root of an epoch that is over. Takes the bond, unless it is the first root.
    /// @param total_ the sum of all claims under the root
    function propose(uint64 epoch, bytes32 root_, bytes32 ledgerRoot_, uint256 total_) external returns (uint256 id) {
        if (!isProposer[msg.sender]) revert NotProposer(msg.sender);
        if (root_ == 0) revert ZeroRoot();
        if (epoch >= currentEpoch()) revert EpochNotOver(epoch);
        _checkOrder(epoch, total_);

        Windows memory w = windows;
        uint96 bond = root == 0 ? 0 : w.bond;
        uint64 challengeUntil = uint64(block.timestamp) + w.challenge;
        id = _proposals.length;
        _proposals.push(
            Proposal({
                root: root_,
                ledgerRoot: ledgerRoot_,
                total: uint96(total_), // at most what was minted
                bond: bond,
                acceptFrom: challengeUntil + w.timelock,
                proposer: msg.sender,
                epoch: epoch,
                state: State.Pending,
                challenger: address(0),
                challengeUntil: challengeUntil
            })
        );
        emit RootProposed(id, epoch, msg.sender, root_, ledgerRoot_, total_, bond, challengeUntil, challengeUntil + w.timelock);
        _takeBond(bond);
    }

    /// @notice Challenges a root with a bond as high as its proposer's. A root without a bond is dropped by any listed proposer.
    function challenge(uint256 id) external {
        Proposal storage p = _in(id, State.Pending);
        if (block.timestamp >= p.challengeUntil) revert TooLate(p.challengeUntil);
        if (p.bond == 0 && !isProposer[msg.sender]) revert NotProposer(msg.sender);
        p.challenger = msg.sender;
        p.state = State.Challenged;
        emit RootChallenged(id, msg.sender, p.bond);
        if (p.bond == 0) return _drop(id, p);
        _takeBond(p.bond);
    }

    /// @notice Makes a root the one that claims are paid against. Anyone may call.
    function accept(uint256 id) external {
        Proposal storage p = _get(id);
        State was = p.state;
        if (was != State.Pending && was != State.Upheld) revert WrongState(id, was);
        if (block.timestamp < p.acceptFrom) revert TooEarly(p.acceptFrom);
        if (p.bond == 0 && root != 0) revert OnlyFirst(id);
        _checkOrder(p.epoch, p.total);

        p.state = State.Accepted;
        root = p.root;
        ledgerRoot = p.ledgerRoot;
        total = p.total;
        nextEpoch = p.epoch + 1;
        emit RootAccepted(id, p.epoch, p.root, p.ledgerRoot, p.total);
        if (was == State.Pending) _giveBonds(p.proposer, p.bond);
    }

    /// @notice Ends a root that can't be accepted any more, because a later one was, and gives its bond back. Anyone may call.
    function retire(uint256 id) external {
        Proposal storage p = _in(id, State.Pending);
        bool first = p.bond == 0 && root != 0;
        if (!first && p.epoch >= nextEpoch && p.total >= total) revert NotStale(id);
        p.state = State.Retired;
        emit RootRetired(id);
        _giveBonds(p.proposer, p.bond);
    }

    /// @notice Ends a challenge that governance did not decide in time, and gives both bonds back. Anyone may call.
    function lapse(uint256 id) external {
        Proposal storage p = _in(id, State.Challenged);
        uint256 from = uint256(p.challengeUntil) + DECISION;
        if (block.timestamp < from) revert TooEarly(from);
        p.state = State.Lapsed;
        emit RootLapsed(id);
        _giveBonds(p.proposer, p.bond);
        _giveBonds(p.challenger, p.bond);
    }

    // Claims.

    /// @notice Pays to the account what it has earned and not been paid yet. Anyone may call for it.
    /// @param cumulative all that the account has earned so far
    function claim(address account, uint256 cumulative, bytes32[] calldata proof) external returns (uint256 amount) {
        amount = _claim(account, cumulative, proof);
        if (amount == 0) revert NothingToClaim(account, claimed[account]);
        _checkPaid();
    }

    /// @notice Pays many claims. One that is paid already is passed over, so that nobody can spoil the others; a false one is not.
    function claimMany(Claim[] calldata claims) external returns (uint256 amount) {
        for (uint256 i = 0; i < claims.length; i++) {
            amount += _claim(claims[i].account, claims[i].cumulative, claims[i].proof);
        }
        _checkPaid();
    }

    function _claim(address account, uint256 cumulative, bytes32[] calldata proof) private returns (uint256 amount) {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, cumulative))));
        if (root == 0 || !MerkleProof.verifyCalldata(proof, root, leaf)) revert InvalidProof(account, cumulative);
        uint256 before = claimed[account];
        if (cumulative <= before) return 0;
        amount = cumulative - before;
        claimed[account] = cumulative;
        paid += amount;
        emit Claimed(account, amount, cumulative);
        key.transfer(account, amount); // reverts where it fails
    }

    /// @dev Holds even where a root was accepted that says less than its claims come to.
    function _checkPaid() private view {
        if (paid > total) revert MoreThanTotal(paid, total);
    }

    // Governance.

    /// @notice Decides a challenged root.
    function decide(uint256 id, bool uphold) external onlyGovernance {
        Proposal storage p = _in(id, State.Challenged);
        if (!uphold) return _drop(id, p);
        p.state = State.Upheld;
        emit RootUpheld(id);
        _award(p.proposer, p.bond);
    }

    function setProposer(address proposer, bool listed) external onlyGovernance {
        _setProposer(proposer, listed);
    }

    /// @notice Sets the windows and the bond of later proposals, within the bounds.
    function setWindows(Windows calldata w) external onlyGovernance {
        _setWindows(w);
    }

    // Views.

    function proposalCount() external view returns (uint256) {
        return _proposals.length;
    }

    function proposal(uint256 id) external view returns (Proposal memory) {
        return _get(id);
    }

    /// @notice The epoch that now is in; 0 before the start.
    function currentEpoch() public view returns (uint64) {
        if (block.timestamp < start) return 0;
        return (uint64(block.timestamp) - start) / epochLength;
    }

    /// @notice Reverts with OutOfBounds unless the windows are ones that may be set.
    function checkWindows(Windows memory w) public pure {
        _checkBounds(w.challenge, LEAST_CHALLENGE, MOST_CHALLENGE);
        _checkBounds(w.timelock, LEAST_TIMELOCK, MOST_TIMELOCK);
        _checkBounds(w.bond, LEAST_BOND, MOST_BOND);
    }

    function _checkBounds(uint256 value, uint256 least, uint256 most) private pure {
        if (value < least || value > most) revert OutOfBounds(value, least, most);
    }

    function _checkOrder(uint64 epoch, uint256 total_) private view {
        if (epoch < nextEpoch) revert EpochSettled(epoch, nextEpoch);
        if (total_ < total) revert TotalShrinks(total_, total);
        uint256 minted = key.minted();
        if (total_ > minted) revert MoreThanMinted(total_, minted);
    }

    function _get(uint256 id) private view returns (Proposal storage) {
        if (id >= _proposals.length) revert UnknownRoot(id);
        return _proposals[id];
    }

    function _in(uint256 id, State state) private view returns (Proposal storage p) {
        p = _get(id);
        if (p.state != state) revert WrongState(id, p.state);
    }

    function _drop(uint256 id, Proposal storage p) private {
        p.state = State.Dropped;
        emit RootDropped(id);
        _award(p.challenger, p.bond);
    }

    /// @dev The winner's bond goes back with half of the loser's. The other half is burned: who was on both sides loses too.
    function _award(address winner, uint256 bond) private {
        uint256 lost = bond / 2;
        _giveBonds(winner, 2 * bond - lost);
        if (lost == 0) return;
        bonded -= lost;
        key.burn(lost);
    }

    function _takeBond(uint256 bond) private {
        if (bond == 0) return;
        bonded += bond;
        key.transferFrom(msg.sender, address(this), bond);
    }

    function _giveBonds(address to, uint256 amount) private {
        if (amount == 0) return;
        bonded -= amount;
        key.transfer(to, amount);
    }

    function _setProposer(address proposer, bool listed) private {
        if (proposer == address(0)) revert ZeroAddress();
        isProposer[proposer] = listed;
        emit ProposerSet(proposer, listed);
    }

    function _setWindows(Windows memory w) private {
        checkWindows(w);
        windows = w;
        emit WindowsSet(w.challenge, w.timelock, w.bond);
    }
}
