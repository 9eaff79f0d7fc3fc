// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// Stands for contracts with one owner.
contract Owned {
    address public owner = msg.sender;

    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    error OwnableUnauthorizedAccount(address account);

    modifier onlyOwner() {
        if (msg.sender != owner) revert OwnableUnauthorizedAccount(msg.sender);
        _;
    }

    function transferOwnership(address newOwner) external virtual onlyOwner {
        _own(newOwner);
    }

    function renounceOwnership() external onlyOwner {
        _own(address(0));
    }

    function _own(address newOwner) internal {
        emit OwnershipTransferred(owner, newOwner);
        owner = newOwner;
    }
}

/// Stands for contracts whose next owner has to accept, so that the first step changes no owner.
contract OwnedInTwoSteps is Owned {
    address public pendingOwner;

    event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner);

    function transferOwnership(address newOwner) external override onlyOwner {
        pendingOwner = newOwner;
        emit OwnershipTransferStarted(owner, newOwner);
    }

    function acceptOwnership() external {
        if (msg.sender != pendingOwner) revert OwnableUnauthorizedAccount(msg.sender);
        delete pendingOwner;
        _own(msg.sender);
    }
}

/// Stands for contracts with roles, which logs tell of.
contract Roles {
    mapping(bytes32 => mapping(address => bool)) public hasRole;

    event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender);
    event RoleRevoked(bytes32 indexed role, address indexed account, address indexed sender);

    error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);

    constructor() {
        hasRole[0][msg.sender] = true;
        emit RoleGranted(0, msg.sender, msg.sender);
    }

    modifier onlyAdmin() {
        if (!hasRole[0][msg.sender]) revert AccessControlUnauthorizedAccount(msg.sender, 0);
        _;
    }

    function grantRole(bytes32 role, address account) external onlyAdmin {
        hasRole[role][account] = true;
        emit RoleGranted(role, account, msg.sender);
    }

    function revokeRole(bytes32 role, address account) external onlyAdmin {
        hasRole[role][account] = false;
        emit RoleRevoked(role, account, msg.sender);
    }

    function renounceRole(bytes32 role, address account) external {
        if (msg.sender != account) revert AccessControlUnauthorizedAccount(msg.sender, role);
        hasRole[role][account] = false;
        emit RoleRevoked(role, account, msg.sender);
    }
}

/// Stands for contracts whose roles change without a log.
contract SilentRoles {
    mapping(bytes32 => mapping(address => bool)) public hasRole;

    error AccessControlUnauthorizedAccount(address account, bytes32 neededRole);

    constructor() {
        hasRole[0][msg.sender] = true;
    }

    function grantRole(bytes32 role, address account) external {
        _set(role, account, true);
    }

    function revokeRole(bytes32 role, address account) external {
        _set(role, account, false);
    }

    function _set(bytes32 role, address account, bool has) private {
        if (!hasRole[0][msg.sender]) revert AccessControlUnauthorizedAccount(msg.sender, 0);
        hasRole[role][account] = has;
    }
}

/// Stands for wallets that run foreign code as their own: a call can change everything, the owner in slot 0 first of all.
contract DelegatingWallet {
    address public owner = msg.sender;

    error NotOwner();

    receive() external payable {}

    function delegate(address code, bytes calldata data) external payable returns (bytes memory) {
        if (msg.sender != owner) revert NotOwner();
        (bool ok, bytes memory result) = code.delegatecall(data);
        if (!ok) {
            assembly ("memory-safe") {
                revert(add(result, 32), mload(result))
            }
        }
        return result;
    }
}

/// Stands for the foreign code: it writes any slot of whoever runs it.
contract SlotWriter {
    function write(bytes32 slot, bytes32 value) external {
        assembly {
            sstore(slot, value)
        }
    }
}

/// Stands for what an account delegates to by EIP-7702: batches by the account itself, and by a guest whom its first caller names,
/// as with delegates that forget who may set them up.
contract AccountDelegate {
    struct Call {
        address to;
        uint256 value;
        bytes data;
    }

    address public guest;

    error NotAllowed(address account);

    receive() external payable {}

    function setUp(address guest_) external {
        if (guest != address(0)) revert NotAllowed(msg.sender);
        guest = guest_;
    }

    function execute(Call[] calldata calls) external payable {
        if (msg.sender != address(this) && msg.sender != guest) revert NotAllowed(msg.sender);
        for (uint256 i; i < calls.length; i++) {
            (bool ok, bytes memory result) = calls[i].to.call{value: calls[i].value}(calls[i].data);
            if (!ok) {
                assembly ("memory-safe") {
                    revert(add(result, 32), mload(result))
                }
            }
        }
    }
}
