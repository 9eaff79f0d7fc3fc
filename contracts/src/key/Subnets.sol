// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {Key} from "./Key.sol";

/// @title The builder subnets: whose they are, where their fee goes, and how high it is. Fees are in units of 1e-25.
/// @notice A subnet's id is its owner's address (20 bytes) and a number of the owner's choice (12 bytes). So nobody can register
/// another's id, and an id is never mistaken for a provider's address, which as a word begins with 12 zero bytes.
/// Invariant: a fee never rises; a subnet never changes its owner and is never removed.
contract Subnets {
    struct Subnet {
        address treasury;
        uint96 fee;
    }

    /// @notice The whole of what a staker earns.
    uint96 public constant WHOLE = 1e25;

    Key public immutable key;
    /// @notice Wei of KEY that registering burns, so that staking in many subnets of one's own brings nothing.
    uint256 public immutable price;
    mapping(bytes32 id => Subnet) private _subnets;

    /// @notice The subnet as it is from now on.
    event SubnetSet(bytes32 indexed id, address indexed treasury, uint96 fee);

    error ZeroAddress();
    error NotOwner(bytes32 id, address caller);
    error InvalidId(bytes32 id);
    error AlreadyRegistered(bytes32 id);
    error NotRegistered(bytes32 id);
    error FeeTooHigh(uint96 fee, uint96 most);

    constructor(Key key_, uint256 price_) {
        if (address(key_) == address(0)) revert ZeroAddress();
        key = key_;
        price = price_;
    }

    modifier onlyOwner(bytes32 id) {
        if (msg.sender != ownerOf(id)) revert NotOwner(id, msg.sender);
        _;
    }

    /// @notice Registers a subnet of the caller's and burns the price, which the caller has approved.
    function register(bytes32 id, address treasury, uint96 fee) external onlyOwner(id) {
        if (uint256(id) <= type(uint160).max) revert InvalidId(id);
        if (registered(id)) revert AlreadyRegistered(id);
        if (fee > WHOLE) revert FeeTooHigh(fee, WHOLE);
        _set(id, treasury, fee);
        if (price == 0) return;
        key.transferFrom(msg.sender, address(this), price);
        key.burnFor(price, id);
    }

    function setTreasury(bytes32 id, address treasury) external onlyOwner(id) {
        if (!registered(id)) revert NotRegistered(id);
        _set(id, treasury, _subnets[id].fee);
    }

    function lowerFee(bytes32 id, uint96 fee) external onlyOwner(id) {
        if (!registered(id)) revert NotRegistered(id);
        Subnet memory s = _subnets[id];
        if (fee >= s.fee) revert FeeTooHigh(fee, s.fee);
        _set(id, s.treasury, fee);
    }

    function subnet(bytes32 id) external view returns (address treasury, uint96 fee) {
        if (!registered(id)) revert NotRegistered(id);
        return (_subnets[id].treasury, _subnets[id].fee);
    }

    function registered(bytes32 id) public view returns (bool) {
        return _subnets[id].treasury != address(0);
    }

    function ownerOf(bytes32 id) public pure returns (address) {
        return address(bytes20(id));
    }

    function _set(bytes32 id, address treasury, uint96 fee) private {
        if (treasury == address(0)) revert ZeroAddress();
        _subnets[id] = Subnet(treasury, fee);
        emit SubnetSet(id, treasury, fee);
    }
}
