// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// The slots of EIP-1967, and a call handed on to an implementation.
abstract contract Slots {
    bytes32 internal constant IMPLEMENTATION = 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc;
    bytes32 internal constant ADMIN = 0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103;
    bytes32 internal constant BEACON = 0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50;

    event Upgraded(address indexed implementation);
    event AdminChanged(address previousAdmin, address newAdmin);
    event BeaconUpgraded(address indexed beacon);

    error ERC1967InvalidImplementation(address implementation);

    function _read(bytes32 slot) internal view returns (address value) {
        assembly {
            value := sload(slot)
        }
    }

    function _write(bytes32 slot, address value) internal {
        assembly {
            sstore(slot, value)
        }
    }

    function _upgrade(address implementation) internal {
        if (implementation.code.length == 0) revert ERC1967InvalidImplementation(implementation);
        _write(IMPLEMENTATION, implementation);
        emit Upgraded(implementation);
    }

    function _handOn(address implementation) internal {
        assembly {
            calldatacopy(0, 0, calldatasize())
            let ok := delegatecall(gas(), implementation, 0, calldatasize(), 0, 0)
            returndatacopy(0, 0, returndatasize())
            if ok { return(0, returndatasize()) }
            revert(0, returndatasize())
        }
    }
}

/// Stands for proxies with an admin of their own: it upgrades, all others are handed on.
contract AdminProxy is Slots {
    error ProxyDeniedAdminAccess();

    constructor(address implementation, address admin) payable {
        _upgrade(implementation);
        _write(ADMIN, admin);
        emit AdminChanged(address(0), admin);
    }

    receive() external payable {}

    fallback() external payable {
        if (msg.sender != _read(ADMIN)) _handOn(_read(IMPLEMENTATION));
        if (msg.sig == bytes4(keccak256("upgradeTo(address)"))) {
            _upgrade(abi.decode(msg.data[4:], (address)));
        } else if (msg.sig == bytes4(keccak256("changeAdmin(address)"))) {
            address admin = abi.decode(msg.data[4:], (address));
            emit AdminChanged(_read(ADMIN), admin);
            _write(ADMIN, admin);
        } else {
            revert ProxyDeniedAdminAccess();
        }
    }
}

/// Stands for proxies whose implementation upgrades them.
contract SlotProxy is Slots {
    constructor(address implementation) payable {
        _upgrade(implementation);
    }

    receive() external payable {}

    fallback() external payable {
        _handOn(_read(IMPLEMENTATION));
    }
}

/// Stands for implementations that upgrade the proxy they run in (UUPS). The first caller of initialize owns it.
contract SelfUpgrading is Slots {
    address public owner;
    uint256 public number;

    error OwnableUnauthorizedAccount(address account);
    error UUPSUnsupportedProxiableUUID(bytes32 slot);

    function initialize(address owner_) external {
        if (owner != address(0)) revert OwnableUnauthorizedAccount(msg.sender);
        owner = owner_;
    }

    function setNumber(uint256 number_) external {
        number = number_;
    }

    function proxiableUUID() external pure returns (bytes32) {
        return IMPLEMENTATION;
    }

    function upgradeToAndCall(address implementation, bytes calldata data) external payable {
        if (msg.sender != owner) revert OwnableUnauthorizedAccount(msg.sender);
        bytes32 slot = SelfUpgrading(implementation).proxiableUUID();
        if (slot != IMPLEMENTATION) revert UUPSUnsupportedProxiableUUID(slot);
        _upgrade(implementation);
        if (data.length == 0) return;
        (bool ok, bytes memory result) = implementation.delegatecall(data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
    }
}

/// Stands for beacons: one upgrade changes the code of every proxy that asks it, and none of them is touched.
contract Beacon is Slots {
    address public implementation;
    address public owner = msg.sender;

    error OwnableUnauthorizedAccount(address account);

    constructor(address implementation_) {
        implementation = implementation_;
    }

    function upgradeTo(address implementation_) external {
        if (msg.sender != owner) revert OwnableUnauthorizedAccount(msg.sender);
        implementation = implementation_;
        emit Upgraded(implementation_);
    }
}

/// Stands for proxies that ask a beacon for their implementation.
contract BeaconProxy is Slots {
    constructor(address beacon) payable {
        _write(BEACON, beacon);
        emit BeaconUpgraded(beacon);
    }

    receive() external payable {}

    fallback() external payable {
        _handOn(Beacon(_read(BEACON)).implementation());
    }
}
