// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "./ERC20.sol";

/// A token that keeps a part of every transfer for its owner: who receives gets less than was sent.
contract FeeToken is ERC20 {
    uint256 public constant FEE_BPS = 100;

    constructor(string memory name_, string memory symbol_, uint8 decimals_, address owner_)
        ERC20(name_, symbol_, decimals_, owner_)
    {}

    function transfer(address to, uint256 value) external returns (bool) {
        _moveWithFee(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spend(from, msg.sender, value);
        _moveWithFee(from, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function _moveWithFee(address from, address to, uint256 value) private {
        uint256 fee = value * FEE_BPS / 10_000;
        _move(from, owner, fee);
        _move(from, to, value - fee);
    }
}
