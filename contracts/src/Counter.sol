// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// One number that anybody may set: what programs that speak to a chain are tried on. It has an event and each way to fail.
contract Counter {
    uint256 public constant LIMIT = 1000;

    uint256 public number;

    event Changed(address indexed by, uint256 number);

    error TooLarge(uint256 number, uint256 limit);

    constructor(uint256 number_) {
        number = number_;
    }

    function set(uint256 number_) external returns (uint256 before) {
        require(number_ != 0, "zero counts nothing");
        if (number_ > LIMIT) revert TooLarge(number_, LIMIT);
        before = number;
        number = number_;
        emit Changed(msg.sender, number_);
    }

    function add(uint256 more) external {
        number += more;
        emit Changed(msg.sender, number);
    }
}
