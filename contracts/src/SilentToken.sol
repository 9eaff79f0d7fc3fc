// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "./ERC20.sol";

/// A token as the oldest dollar token behaves: its functions return nothing, and an allowance must go to zero before it may
/// take another value.
contract SilentToken is ERC20 {
    error ResetAllowanceFirst();

    constructor(string memory name_, string memory symbol_, uint8 decimals_, address owner_)
        ERC20(name_, symbol_, decimals_, owner_)
    {}

    function transfer(address to, uint256 value) external {
        _move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external {
        _spend(from, msg.sender, value);
        _move(from, to, value);
    }

    function approve(address spender, uint256 value) external {
        if (value != 0 && allowance[msg.sender][spender] != 0) revert ResetAllowanceFirst();
        _approve(msg.sender, spender, value);
    }
}
