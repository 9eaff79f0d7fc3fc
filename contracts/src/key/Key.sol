// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title The token that the rewards are paid in. 18 decimals; amounts are wei of KEY.
/// @notice Invariant: minted() <= CAP, and totalSupply() = minted() - burned(). Minted only grows, so burning never reopens the cap.
/// Nobody but the minter mints, the minter never changes, and nobody burns what is not theirs.
contract Key is ERC20, ERC20Permit {
    uint256 public constant CAP = 42_000_000e18;

    /// @notice The emission contract.
    address public immutable minter;
    /// @notice What was minted in all, burned or not.
    uint256 public minted;

    /// @param subject what it was burned for, or zero
    event Burned(address indexed account, bytes32 indexed subject, uint256 amount);

    error ZeroAddress();
    error NotMinter(address caller);
    error CapExceeded(uint256 minted, uint256 amount);

    constructor(address minter_) ERC20("Keymaker", "KEY") ERC20Permit("Keymaker") {
        if (minter_ == address(0)) revert ZeroAddress();
        minter = minter_;
    }

    function mint(address to, uint256 amount) external {
        if (msg.sender != minter) revert NotMinter(msg.sender);
        uint256 before = minted;
        if (amount > CAP - before) revert CapExceeded(before, amount);
        minted = before + amount;
        _mint(to, amount);
    }

    /// @notice Burns what the caller holds.
    function burn(uint256 amount) external {
        burnFor(amount, 0);
    }

    /// @notice Burns what the caller holds and says what for: a receipt, a subnet. The subject is the caller's word alone.
    function burnFor(uint256 amount, bytes32 subject) public {
        _burn(msg.sender, amount);
        emit Burned(msg.sender, subject, amount);
    }

    /// @notice What was burned in all.
    function burned() external view returns (uint256) {
        return minted - totalSupply();
    }
}
