// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// Stands for all the ways to give up.
contract Failing {
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error NobodyKnowsThis(uint256 number, string words, address[] accounts);

    /// An error of a public list.
    function known(address sender, uint256 balance, uint256 needed) external pure {
        revert ERC20InsufficientBalance(sender, balance, needed);
    }

    /// An error of no list.
    function unknown(uint256 number, string calldata said, address[] calldata accounts) external pure {
        revert NobodyKnowsThis(number, said, accounts);
    }

    /// Error(string), with words of the caller: they can hold anything.
    function words(string calldata said) external pure {
        revert(said);
    }

    /// Error(string), with so many bytes of it.
    function long(uint256 length) external pure {
        bytes memory said = new bytes(length);
        for (uint256 i; i < length; i++) {
            said[i] = "a";
        }
        revert(string(said));
    }

    /// Panic(uint256), with any code.
    function panic(uint256 code) external pure {
        assembly {
            mstore(0, shl(224, 0x4e487b71))
            mstore(4, code)
            revert(0, 36)
        }
    }

    /// No reason at all.
    function empty() external pure {
        assembly {
            revert(0, 0)
        }
    }

    /// Any bytes, also such as only look like an error.
    function raw(bytes calldata data) external pure {
        assembly {
            calldatacopy(0, data.offset, data.length)
            revert(0, data.length)
        }
    }

    /// No revert, but an instruction that does not exist: all gas is gone.
    function invalid() external pure {
        assembly {
            invalid()
        }
    }
}

/// Stands for routers: the reason of what they call comes out as it is, wrapped, or not at all.
contract FailingRouter {
    error CallFailed(address target, bytes reason);

    event Swallowed(bytes reason);

    function bubble(address target, bytes calldata data) external payable {
        (bool ok, bytes memory reason) = target.call{value: msg.value}(data);
        if (ok) return;
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    function wrap(address target, bytes calldata data) external payable {
        (bool ok, bytes memory reason) = target.call{value: msg.value}(data);
        if (!ok) revert CallFailed(target, reason);
    }

    function swallow(address target, bytes calldata data) external payable {
        (bool ok, bytes memory reason) = target.call{value: msg.value}(data);
        if (!ok) emit Swallowed(reason);
    }
}
