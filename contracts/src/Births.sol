// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// Stands for factories of minimal proxies (EIP-1167).
contract CloneFactory {
    event Cloned(address indexed clone, address indexed original);

    function clone(address original) external returns (address made) {
        bytes memory code = abi.encodePacked(
            hex"3d602d80600a3d3981f3363d3d373d3d3d363d73", original, hex"5af43d82803e903d91602b57fd5bf3"
        );
        assembly ("memory-safe") {
            made := create(0, add(code, 32), mload(code))
        }
        emit Cloned(made, original);
    }
}

/// Stands for contracts that destroy themselves: any call sends all ether to the caller. Where it was there before the
/// transaction, code and storage stay (EIP-6780). The code is two instructions, CALLER and SELFDESTRUCT.
contract Destructible {
    constructor() payable {
        assembly {
            mstore(0, shl(240, 0x33ff))
            return(0, 2)
        }
    }
}

/// Stands for what creates a contract and destroys it in one transaction: nothing stays but the ether, which passes through.
contract Destroyer {
    event Created(address indexed made);

    receive() external payable {}

    function createAndDestroy() external payable returns (address made) {
        made = address(new Destructible{value: msg.value}());
        emit Created(made);
        (bool ok,) = made.call("");
        require(ok, "it survived");
        (ok,) = msg.sender.call{value: address(this).balance}("");
        require(ok, "ether not taken");
    }
}

/// A contract whose code its maker tells while it is created, so that its address does not depend on that code.
contract Chameleon {
    constructor() {
        bytes memory code = Recreator(payable(msg.sender)).code();
        assembly {
            return(add(code, 32), mload(code))
        }
    }
}

/// Stands for addresses that come back with other code: CREATE2 of the same words, after a destruction in the transaction of the
/// first creation.
contract Recreator {
    bytes public code;

    event Created(address indexed made);

    receive() external payable {}

    function create(bytes calldata code_) public returns (address made) {
        code = code_;
        made = address(new Chameleon{salt: 0}());
        emit Created(made);
    }

    function createAndDestroy() external returns (address made) {
        code = hex"33ff";
        made = address(new Chameleon{salt: 0}());
        emit Created(made);
        (bool ok,) = made.call("");
        require(ok, "it survived");
    }
}
