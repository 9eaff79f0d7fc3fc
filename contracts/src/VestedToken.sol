// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "./ERC20.sol";

/// A honeypot, for tests and demonstrations on chains without value.
///
/// It reads like a fair launch: tokens of the team vest, and only vested tokens may go to a market. But what is vested is
/// credited by mint alone, which only the owner may call, so whoever buys from a market holds tokens that never vest: they can
/// be sent to friends, and never be sold.
contract VestedToken is ERC20 {
    mapping(address => bool) public isMarket;
    mapping(address => uint256) public vested;

    error NotVested(address from, uint256 vested, uint256 needed);

    constructor(string memory name_, string memory symbol_, uint8 decimals_, address owner_)
        ERC20(name_, symbol_, decimals_, owner_)
    {}

    function setMarket(address market, bool open) external {
        if (msg.sender != owner) revert NotOwner();
        isMarket[market] = open;
    }

    function mint(address to, uint256 value) public override {
        super.mint(to, value);
        if (to == owner) vested[to] += value;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spend(from, msg.sender, value);
        _move(from, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function _move(address from, address to, uint256 value) internal override {
        if (isMarket[to]) {
            if (vested[from] < value) revert NotVested(from, vested[from], value);
            unchecked {
                vested[from] -= value;
            }
        }
        super._move(from, to, value);
    }
}
