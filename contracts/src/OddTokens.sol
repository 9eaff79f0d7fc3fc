// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC20} from "./ERC20.sol";

/// Stands for tokens that count every spend: each logs an Approval, and even 2^256-1 is used up.
contract CountingToken is ERC20 {
    constructor(string memory name_, string memory symbol_, uint8 decimals_, address owner_)
        ERC20(name_, symbol_, decimals_, owner_)
    {}

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _approve(from, msg.sender, allowance[from][msg.sender] - value);
        _move(from, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }
}

/// Stands for tokens with the permit of Dai: all or nothing, with the nonce among the arguments.
contract DaiToken is ERC20 {
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 public constant PERMIT_TYPEHASH =
        keccak256("Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)");

    mapping(address => uint256) public nonces;

    error PermitExpired(uint256 expiry);
    error PermitSigner();
    error PermitNonce(uint256 nonce);

    constructor(string memory name_, string memory symbol_, uint8 decimals_, address owner_)
        ERC20(name_, symbol_, decimals_, owner_)
    {}

    function transfer(address to, uint256 value) external returns (bool) {
        _move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        if (from != msg.sender) _spend(from, msg.sender, value);
        _move(from, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function permit(
        address holder,
        address spender,
        uint256 nonce,
        uint256 expiry,
        bool allowed,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        if (expiry != 0 && block.timestamp > expiry) revert PermitExpired(expiry);
        bytes32 message = keccak256(abi.encode(PERMIT_TYPEHASH, holder, spender, nonce, expiry, allowed));
        address signer = ecrecover(keccak256(abi.encodePacked("\x19\x01", DOMAIN_SEPARATOR(), message)), v, r, s);
        if (signer == address(0) || signer != holder) revert PermitSigner();
        if (nonce != nonces[holder]++) revert PermitNonce(nonce);
        _approve(holder, spender, allowed ? type(uint256).max : 0);
    }

    function DOMAIN_SEPARATOR() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256(bytes(name)), keccak256("1"), block.chainid, address(this)));
    }
}

/// Stands for tokens whose balances are shares of a whole: rebase changes what everybody has, and no log says so.
contract RebasingToken {
    uint8 public constant decimals = 18;
    uint256 public totalSupply;
    uint256 public totalShares;
    mapping(address => uint256) public sharesOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    constructor(uint256 supply) {
        totalSupply = totalShares = supply;
        sharesOf[msg.sender] = supply;
    }

    function balanceOf(address holder) public view returns (uint256) {
        return sharesOf[holder] * totalSupply / totalShares;
    }

    function rebase(uint256 supply) external {
        totalSupply = supply;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        return _move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        allowance[from][msg.sender] -= value;
        return _move(from, to, value);
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    /// The division rounds down, so what arrives can be a unit less than what was sent.
    function _move(address from, address to, uint256 value) private returns (bool) {
        uint256 shares = value * totalShares / totalSupply;
        sharesOf[from] -= shares;
        sharesOf[to] += shares;
        emit Transfer(from, to, value);
        return true;
    }
}

interface Sender {
    function tokensToSend(address operator, address from, address to, uint256 amount, bytes calldata data, bytes calldata operatorData)
        external;
}

interface Recipient {
    function tokensReceived(address operator, address from, address to, uint256 amount, bytes calldata data, bytes calldata operatorData)
        external;
}

/// Stands for ERC-777: operators move everything without an allowance, some of them by default, and both sides are called. Who is
/// to be called, holders say here and not in a registry.
contract OperatorToken {
    uint8 public constant decimals = 18;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => mapping(address => bool)) public authorized;
    mapping(address => mapping(address => bool)) public revoked;
    mapping(address => address) public hookOf;
    address[] private operators;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    event Sent(address indexed operator, address indexed from, address indexed to, uint256 amount, bytes data, bytes operatorData);
    event AuthorizedOperator(address indexed operator, address indexed holder);
    event RevokedOperator(address indexed operator, address indexed holder);

    error NoOperator(address account);

    constructor(uint256 supply, address[] memory operators_) {
        balanceOf[msg.sender] = supply;
        operators = operators_;
    }

    function defaultOperators() external view returns (address[] memory) {
        return operators;
    }

    function isOperatorFor(address operator, address holder) public view returns (bool) {
        if (operator == holder || authorized[holder][operator]) return true;
        for (uint256 i; i < operators.length; i++) {
            if (operators[i] == operator) return !revoked[holder][operator];
        }
        return false;
    }

    function authorizeOperator(address operator) external {
        authorized[msg.sender][operator] = true;
        revoked[msg.sender][operator] = false;
        emit AuthorizedOperator(operator, msg.sender);
    }

    function revokeOperator(address operator) external {
        authorized[msg.sender][operator] = false;
        revoked[msg.sender][operator] = true;
        emit RevokedOperator(operator, msg.sender);
    }

    function setHook(address hook) external {
        hookOf[msg.sender] = hook;
    }

    function send(address to, uint256 amount, bytes calldata data) external {
        _send(msg.sender, to, amount, data, "");
    }

    function operatorSend(address from, address to, uint256 amount, bytes calldata data, bytes calldata operatorData) external {
        if (!isOperatorFor(msg.sender, from)) revert NoOperator(msg.sender);
        _send(from, to, amount, data, operatorData);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _send(msg.sender, to, amount, "", "");
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        _send(from, to, amount, "", "");
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function _send(address from, address to, uint256 amount, bytes memory data, bytes memory operatorData) private {
        if (hookOf[from] != address(0)) {
            Sender(hookOf[from]).tokensToSend(msg.sender, from, to, amount, data, operatorData);
        }
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Sent(msg.sender, from, to, amount, data, operatorData);
        emit Transfer(from, to, amount);
        if (hookOf[to] != address(0)) {
            Recipient(hookOf[to]).tokensReceived(msg.sender, from, to, amount, data, operatorData);
        }
    }
}

/// Stands for tokens whose allowance is not what transferFrom honours: it reverts, or says what was set by lie.
contract LyingToken {
    uint8 public constant decimals = 18;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) private honoured;
    bool public mute;
    uint256 public said;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    error Mute();

    constructor(uint256 supply) {
        balanceOf[msg.sender] = supply;
    }

    function lie(bool mute_, uint256 said_) external {
        mute = mute_;
        said = said_;
    }

    function allowance(address, address) external view returns (uint256) {
        if (mute) revert Mute();
        return said;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        honoured[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        return _move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        honoured[from][msg.sender] -= value;
        return _move(from, to, value);
    }

    function _move(address from, address to, uint256 value) private returns (bool) {
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
        return true;
    }
}
