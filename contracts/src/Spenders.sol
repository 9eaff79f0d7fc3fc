// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

interface Spendable {
    function approve(address spender, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// Stands for contracts that give an allowance of their own before they have code.
contract ApprovingConstructor {
    constructor(Spendable token, address spender, uint256 value) {
        token.approve(spender, value);
    }
}

/// Stands for routers that approve in one of many calls packed into one.
contract ApprovingMulticall {
    function multicall(bytes[] calldata calls) external returns (bytes[] memory results) {
        results = new bytes[](calls.length);
        for (uint256 i; i < calls.length; i++) {
            (bool ok, bytes memory result) = address(this).delegatecall(calls[i]);
            if (!ok) {
                assembly ("memory-safe") {
                    revert(add(result, 32), mload(result))
                }
            }
            results[i] = result;
        }
    }

    function approveToken(Spendable token, address spender, uint256 value) external {
        token.approve(spender, value);
    }

    function pull(Spendable token, uint256 value) external {
        token.transferFrom(msg.sender, address(this), value);
    }
}

/// Stands for contracts that spend the allowance of somebody who is no party of the transaction.
contract ThirdPartySpender {
    function spend(Spendable token, address from, address to, uint256 value) external {
        token.transferFrom(from, to, value);
    }
}
