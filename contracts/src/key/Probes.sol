// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IntervalDecrease} from "./IntervalDecrease.sol";

/// Any curve, so that the formula can be held against others' test vectors. For tests alone.
contract CurveProbe {
    using IntervalDecrease for IntervalDecrease.Curve;

    function between(IntervalDecrease.Curve calldata c, uint64 from, uint64 to) external pure returns (uint256) {
        return c.between(from, to);
    }
}

/// A token that calls back in the midst of a transfer, and says how that went. For tests alone.
contract ReenteringToken is ERC20 {
    address private _target;
    bytes private _call;
    /// What came back from the last call back.
    bytes public answer;
    bool public went;

    constructor() ERC20("Reentering", "RE") {
        _mint(msg.sender, 1e24);
    }

    function callBack(address target, bytes calldata call_) external {
        (_target, _call) = (target, call_);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (_target == address(0) || _call.length == 0) return;
        bytes memory call_ = _call;
        delete _call; // once
        (went, answer) = _target.call(call_);
    }
}
